package dev.curfew.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets two threads take their steps in a given order, and dies where it is told to. */
final class StepOrder {
    static final char LOGIN = 'L';
    static final char LOGOUT = 'O';

    private static final int STEPS = 3;
    private static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Guarded by this; whose turns are left. */
    private final StringBuilder turns = new StringBuilder();

    /** Guarded by this. */
    private boolean isOn;

    private int loginDies;
    private int logoutDies;
    private int loginSteps;
    private int logoutSteps;

    /** The process is gone: nothing of it goes on. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** All orders of three steps of each. */
    static List<String> all() {
        List<String> all = new ArrayList<>();
        add("", all);
        return all;
    }

    private static void add(String begun, List<String> all) {
        if (begun.length() == 2 * STEPS) {
            all.add(begun);
            return;
        }
        for (char actor : new char[] {LOGIN, LOGOUT}) {
            if (begun.chars().filter(c -> c == actor).count() < STEPS) {
                add(begun + actor, all);
            }
        }
    }

    synchronized void begin(String order, int loginDiesAfter, int logoutDiesAfter) {
        turns.setLength(0);
        turns.append(order);
        loginDies = loginDiesAfter;
        logoutDies = logoutDiesAfter;
        loginSteps = 0;
        logoutSteps = 0;
        isOn = true;
    }

    synchronized void end() {
        isOn = false;
    }

    /** Runs all steps of one of them; answers true, or false if it died. */
    boolean run(char actor, Supplier<?> steps) {
        try {
            Object unused = steps.get();
            return true;
        } catch (Died e) {
            return false;
        } finally {
            leave(actor);
        }
    }

    /** Waits for the turn of a step. */
    synchronized void step(char actor) {
        if (!isOn) {
            return;
        }
        int taken = actor == LOGIN ? loginSteps++ : logoutSteps++;
        if (taken > 0) {
            pass(actor);
        }
        if (taken >= (actor == LOGIN ? loginDies : logoutDies)) {
            throw new Died();
        }
        long until = System.nanoTime() + TOO_LONG_NANOS;
        while (turns.length() > 0 && turns.charAt(0) != actor) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, until - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("the other one does not take its step: " + turns);
            }
        }
    }

    /** The turn that was taken is over. */
    private void pass(char actor) {
        if (turns.length() > 0 && turns.charAt(0) == actor) {
            turns.deleteCharAt(0);
        }
        notifyAll();
    }

    /** It takes no further step. */
    private synchronized void leave(char actor) {
        for (int i = turns.length() - 1; i >= 0; i--) {
            if (turns.charAt(i) == actor) {
                turns.deleteCharAt(i);
            }
        }
        notifyAll();
    }
}
