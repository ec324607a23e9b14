package dev.curfew.examples.benchmarks;

import java.util.Objects;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/**
 * Sessions in a repository of Spring Session. It offers no "end all", so that a host finds the sessions of a principal
 * and deletes one after another.
 */
final class SpringSessionKeeper<S extends Session> implements SessionKeeper {
    private final FindByIndexNameSessionRepository<S> hasty;
    private final FindByIndexNameSessionRepository<S> repository;
    private final Runnable closing;

    /** With one repository to fill, and one on the same data that is measured. */
    SpringSessionKeeper(
            FindByIndexNameSessionRepository<S> hasty,
            FindByIndexNameSessionRepository<S> repository,
            Runnable closing) {
        this.hasty = hasty;
        this.repository = repository;
        this.closing = closing;
    }

    @Override
    public void begin(String subject, int count) {
        for (int i = 0; i < count; i++) {
            beginOne(subject);
        }
    }

    /** Begins a session and answers its id. */
    String beginOne(String subject) {
        S session = Objects.requireNonNull(hasty.createSession());
        session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, subject);
        hasty.save(session);
        return session.getId();
    }

    /** What its filter does for each request. */
    boolean isLive(String id) {
        S session = repository.findById(id);
        return session != null && !session.isExpired();
    }

    @Override
    public void endAll(String subject) {
        repository.findByPrincipalName(subject).keySet().forEach(repository::deleteById);
    }

    @Override
    public boolean hasAny(String subject) {
        return !repository.findByPrincipalName(subject).isEmpty();
    }

    @Override
    public void close() {
        closing.run();
    }
}
