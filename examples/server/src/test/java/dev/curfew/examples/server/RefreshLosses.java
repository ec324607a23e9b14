package dev.curfew.examples.server;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which refreshes a network loses, drawn from a seed, and what became of them in the server. Thread-safe. */
final class RefreshLosses {
    private static final Pattern REFRESH_TOKEN = Pattern.compile("cfr1_[A-Za-z0-9_-]+");

    /** What becomes of a refresh. */
    enum Fate {
        ARRIVES,
        REQUEST_LOST,
        ANSWER_LOST,
        /** The head of the answer arrives, with its cookie, and half of the body. */
        ANSWER_CUT
    }

    private final long seed;
    private final Random random;
    private final Runnable onLoss;
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final Set<String> successors = new HashSet<>();
    private int requestsLost;
    private int exchangesLost;
    private int answersCut;
    private int replays;
    private int repeatedKeysHeard;

    /** With something to do whenever something is lost. */
    RefreshLosses(long seed, Runnable onLoss) {
        this.seed = seed;
        this.random = new Random(seed);
        this.onLoss = onLoss;
    }

    /** Draws what becomes of the next one: of a hundred, 30 answers are lost, 1 is cut, and 10 requests are lost. */
    synchronized Fate next() {
        int drawn = random.nextInt(100);
        if (drawn >= 41) {
            return Fate.ARRIVES;
        }
        onLoss.run();
        if (drawn < 10) {
            requestsLost++;
            return Fate.REQUEST_LOST;
        }
        return drawn == 40 ? Fate.ANSWER_CUT : Fate.ANSWER_LOST;
    }

    /** Counts what the server has answered, whether it arrives or not. */
    synchronized void answered(HttpResponse<byte[]> answer, Fate fate) {
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        repeatedKeysHeard += answer.statusCode() == 400 && fate != Fate.ANSWER_LOST ? 1 : 0;
        String text = answer.headers().allValues("Set-Cookie") + new String(answer.body(), StandardCharsets.UTF_8);
        Matcher token = REFRESH_TOKEN.matcher(text);
        if (answer.statusCode() != 200 || !token.find()) {
            return;
        }
        boolean isNew = successors.add(token.group());
        replays += isNew ? 0 : 1;
        exchangesLost += isNew && fate == Fate.ANSWER_LOST ? 1 : 0;
        answersCut += fate == Fate.ANSWER_CUT ? 1 : 0;
    }

    /** How often the server has answered with which status. */
    synchronized Map<Integer, Integer> statuses() {
        return Map.copyOf(statuses);
    }

    /** How many exchanges took place of which the browser has not heard. */
    synchronized int exchangesLost() {
        return exchangesLost;
    }

    /** How many answers of a refresh that was done arrived by half. */
    synchronized int answersCut() {
        return answersCut;
    }

    /** How often the browser was told that its attempt key is that of the refresh before. */
    synchronized int repeatedKeysHeard() {
        return repeatedKeysHeard;
    }

    /** How many times a successor was answered once more. */
    synchronized int replays() {
        return replays;
    }

    @Override
    public synchronized String toString() {
        return "seed " + seed + ": " + successors.size() + " exchanges, of which " + exchangesLost
                + " were lost after they took place; " + answersCut + " answers were cut, " + replays
                + " were repeated, " + requestsLost + " requests were lost; statuses " + statuses;
    }
}
