package dev.curfew.examples.benchmarks;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the lines of a run back from {@code ratios.json}. */
final class RatiosFile {
    private RatiosFile() {}

    /**
     * The lines in their order.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not what {@link Report#write} writes
     */
    static List<Ratio> read(Path file) throws IOException {
        try {
            Map<String, Object> all = JSONObjectUtils.parse("{\"lines\":" + Files.readString(file) + "}");
            Map<String, Object>[] lines = JSONObjectUtils.getJSONObjectArray(all, "lines");
            if (lines == null) {
                throw new IllegalArgumentException(file + " holds no list of lines");
            }
            List<Ratio> ratios = new ArrayList<>();
            for (Map<String, Object> line : lines) {
                ratios.add(ratio(line));
            }
            return ratios;
        } catch (ParseException | RuntimeException e) {
            throw new IllegalArgumentException(
                    file + " is not a ratios.json of this version; measure again, or draw it with the version that"
                            + " measured it: " + e.getMessage(),
                    e);
        }
    }

    private static Ratio ratio(Map<String, Object> line) throws ParseException {
        Figure figure = figure(line, "value", "low", "high");
        return new Ratio(
                text(line, "name"),
                figure,
                text(line, "unit"),
                JSONObjectUtils.getString(line, "against"),
                line.get("ratio") == null ? null : figure(line, "ratio", "ratioLow", "ratioHigh"),
                text(line, "meaning"));
    }

    private static Figure figure(Map<String, Object> line, String value, String low, String high)
            throws ParseException {
        return new Figure(number(line, value), number(line, low), upTo(line, high), (int) number(line, "samples"));
    }

    private static double number(Map<String, Object> line, String field) throws ParseException {
        if (line.get(field) instanceof Number number) {
            return number.doubleValue();
        }
        throw missing(line, field);
    }

    private static double upTo(Map<String, Object> line, String field) throws ParseException {
        boolean isUnbounded = line.containsKey(field) && line.get(field) == null;
        return isUnbounded ? Double.POSITIVE_INFINITY : number(line, field);
    }

    private static String text(Map<String, Object> line, String field) throws ParseException {
        if (line.get(field) instanceof String text) {
            return text;
        }
        throw missing(line, field);
    }

    private static ParseException missing(Map<String, Object> line, String field) {
        return new ParseException("the line of " + line.get("name") + " has no " + field, 0);
    }
}
