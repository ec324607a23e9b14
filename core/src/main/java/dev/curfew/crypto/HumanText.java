package dev.curfew.crypto;

import java.util.List;

/**
 * Tells what a person wrote from what a generator made.
 *
 * <p>Both are described by how probable each next character is: to a generator, all of its alphabet alike; to a person,
 * as in English, whose pairs of letters many languages share. A text is taken for a person's if that explains it by a
 * factor of 2^{@value #SURE_BITS} better. Of generated texts, less than one in such a factor can be so (Markov's
 * inequality); of ten million none was.
 */
final class HumanText {
    /** How much shorter, in bits, the text must be to a person than to a generator. */
    private static final int SURE_BITS = 14;

    /** The same for texts without a digit or with blanks, which generators seldom make. */
    private static final int LIKELY_BITS = 6;

    /** 26 letters to this power are as many as 2^244: the length of 32 bytes in base32. */
    private static final int ONE_CASE_LENGTH = 52;

    private static final int ASCII = 128;

    /** For each letter from a to z, those that follow it in English most often, the most frequent first. */
    private static final List<String> FOLLOWERS = List.of(
            "ntlrsmcdib",
            "eyljuaoirs",
            "oteahilkur",
            "eioastudrb",
            "rsntdcaxlf",
            "iotarufels",
            "eiustrnaol",
            "eaiotrsmuc",
            "nstolfcmve",
            "euoaikdfcw",
            "esialtnowp",
            "eilaotyusf",
            "eapoibmust",
            "tdgeaosciu",
            "nrfdtumpcb",
            "eralotpuiy",
            "urnsldoawb",
            "eiaotnsrgm",
            "teisaoupch",
            "heioarusty",
            "rnsltmepbi",
            "eaionsmfpc",
            "ihaoernslt",
            "tcapiesolf",
            "topsineacd",
            "eiaomctfyz");

    /** How often the first of them follows, and so on; the other sixteen letters share the rest. */
    private static final double[] BY_RANK = {.24, .15, .11, .09, .07, .06, .05, .04, .03, .03};

    private static final double OTHERS = .13 / 16;

    /** How somebody uses capitals: not, only, or here and there. */
    private enum Capitals {
        NONE,
        ALL,
        SOME
    }

    /**
     * In bits, by the way of using capitals, the character before and the character; the row of 0 is for the first
     * character.
     */
    private static final float[][][] COST = costs();

    private HumanText() {}

    /** Whether a person, and no generator, wrote the text. */
    static boolean isLikely(String text) {
        StringBuilder dense = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ASCII) {
                return true;
            }
            if (c > ' ' && c != '=') {
                dense.append(c);
            }
        }
        boolean hasBlanks = text.indexOf(' ') >= 0 || text.indexOf('\t') >= 0;
        TextAlphabet alphabet = TextAlphabet.of(dense);
        boolean hasOneCase = alphabet.isLettersOnly() && alphabet.hasOneCase() && dense.length() < ONE_CASE_LENGTH;
        if (hasOneCase || hasBlanks && !alphabet.hasDigits()) {
            return true;
        }
        return savedBits(dense, alphabet) > (hasBlanks || alphabet.isLettersOnly() ? LIKELY_BITS : SURE_BITS);
    }

    /** How many bits shorter the text is to a person than to the simplest generator that makes such texts. */
    private static double savedBits(CharSequence text, TextAlphabet alphabet) {
        double best = Double.MAX_VALUE;
        for (float[][] cost : COST) {
            double bits = 0;
            char before = 0;
            for (int i = 0; i < text.length(); i++) {
                bits += cost[before][text.charAt(i)];
                before = text.charAt(i);
            }
            best = Math.min(best, bits);
        }
        return text.length() * log2(alphabet.size()) - best - log2(COST.length);
    }

    private static float[][][] costs() {
        Capitals[] ways = Capitals.values();
        float[][][] costs = new float[ways.length][ASCII][ASCII];
        for (int way = 0; way < ways.length; way++) {
            for (char before = 0; before < ASCII; before++) {
                for (char c = 0; c < ASCII; c++) {
                    double habit = before == c ? .06 : before > 0 && Math.abs(before - c) == 1 ? .02 : 0;
                    costs[way][before][c] = (float) -log2(.9 * probability(ways[way], before, c) + habit);
                }
            }
        }
        return costs;
    }

    private static double probability(Capitals capitals, char before, char c) {
        boolean afterLetter = isLower(before) || isUpper(before);
        boolean afterDigit = isDigit(before);
        if (isLower(c) || isUpper(c)) {
            double any = afterLetter ? .9 * afterLetter(before, c) : (afterDigit ? .3 : .8) / 26;
            return any * ofCase(capitals, before, c);
        }
        if (isDigit(c)) {
            return (afterLetter ? .04 : afterDigit ? .6 : .1) / 10;
        }
        return (afterLetter ? .06 : .1) * .5 / 32;
    }

    private static double afterLetter(char before, char c) {
        int rank = FOLLOWERS.get(Character.toLowerCase(before) - 'a').indexOf(Character.toLowerCase(c));
        return rank < 0 ? OTHERS : BY_RANK[rank];
    }

    private static double ofCase(Capitals capitals, char before, char c) {
        double lower = switch (capitals) {
            case NONE -> .98;
            case ALL -> .02;
            case SOME -> isLower(before) ? .8 : isUpper(before) ? .85 : .6;
        };
        return isLower(c) ? lower : 1 - lower;
    }

    private static double log2(double number) {
        return Math.log(number) / Math.log(2);
    }

    private static boolean isLower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isUpper(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
