package dev.curfew.spring;

import dev.curfew.event.RequestContext;
import dev.curfew.session.DeviceInfo;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.Caller;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** What a host serves. */
@RestController
class ShopController {
    @GetMapping("/hello")
    String hello(Optional<Caller> caller) {
        return "hello "
                + caller.flatMap(Caller::subject)
                        .map(subject -> subject.value())
                        .orElse("stranger");
    }

    @PostMapping("/login")
    String login(@RequestBody String body, DeviceInfo device) {
        return body + " on " + device.label();
    }

    @GetMapping("/me")
    String me(Caller caller) {
        return caller.subject().orElseThrow().value();
    }

    @GetMapping("/principal")
    String principal(@AuthenticationPrincipal VerifiedToken token, java.security.Principal principal) {
        return token.claims().get("client_id") + " " + principal.getName();
    }

    @GetMapping("/assets/whose")
    String whose(Caller caller) {
        return me(caller);
    }

    @GetMapping("/recent")
    String recent(Caller caller) {
        caller.requireAuthenticatedWithin(Duration.ofMinutes(5), Instant.now(), "urn:example:mfa");
        return "recent";
    }

    @GetMapping("/outage")
    String outage() {
        throw new IllegalStateException("wrapped", new StoreUnavailableException("a test", null));
    }

    @GetMapping("/outage/callable")
    Callable<String> callable() {
        return this::outage;
    }

    @GetMapping("/outage/deferred")
    DeferredResult<String> deferred() {
        DeferredResult<String> result = new DeferredResult<>();
        result.setErrorResult(new StoreUnavailableException("a test", null));
        return result;
    }

    @GetMapping("/outage/future")
    CompletableFuture<String> future() {
        return CompletableFuture.supplyAsync(this::outage);
    }

    @GetMapping("/recent/callable")
    Callable<String> recentCallable(Caller caller) {
        return () -> recent(caller);
    }

    @GetMapping("/broken/callable")
    Callable<String> brokenCallable() {
        return this::broken;
    }

    @GetMapping("/me/callable")
    Callable<String> meCallable(Caller caller) {
        return () -> me(caller);
    }

    @GetMapping("/broken")
    String broken() {
        throw new IllegalStateException("the host's own mistake");
    }

    @GetMapping("/context")
    String context() {
        return RequestContext.current().address().orElse("?") + " "
                + RequestContext.current().correlationId().orElse("?");
    }
}
