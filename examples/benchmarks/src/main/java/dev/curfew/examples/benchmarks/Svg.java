package dev.curfew.examples.benchmarks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes one picture: elements with attributes, no script, nothing from elsewhere. The colours follow what the reader
 * prefers, light or dark. Confined to one thread.
 */
final class Svg {
    /** Of series: none means anything to those who cannot tell red from green, and each is told by its shape too. */
    private static final String STYLE = """
            text { font-family: system-ui, 'DejaVu Sans', sans-serif; font-size: 12px; fill: #24292f }
            .paper { fill: #ffffff } .head { font-size: 16px; font-weight: 600 } .soft { fill: #57606a }
            .grid { stroke: #d8dee4; stroke-width: 1 } .one { stroke: #57606a; stroke-width: 1.5 }
            .range { stroke: #24292f; stroke-width: 1.5; fill: none } .bar { fill: #0072b2; fill-opacity: .55 }
            .line { stroke-width: 2; fill: none } .dashed { stroke-dasharray: 6 4 }
            .stroke0 { stroke: #0072b2 } .stroke1 { stroke: #b35900 } .stroke2 { stroke: #00785a }
            .stroke3 { stroke: #a0508a } .stroke4 { stroke: #6e5f00 } .stroke5 { stroke: #57606a }
            .fill0 { fill: #0072b2 } .fill1 { fill: #b35900 } .fill2 { fill: #00785a }
            .fill3 { fill: #a0508a } .fill4 { fill: #6e5f00 } .fill5 { fill: #57606a }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 } .paper { fill: #0d1117 } .soft { fill: #9da7b3 }
              .grid { stroke: #30363d } .one { stroke: #9da7b3 } .range { stroke: #e6edf3 } .bar { fill: #56b4e9 }
              .stroke0 { stroke: #56b4e9 } .stroke1 { stroke: #f0a35e } .stroke2 { stroke: #4cc9a4 }
              .stroke3 { stroke: #e39ac9 } .stroke4 { stroke: #e3d26f } .stroke5 { stroke: #9da7b3 }
              .fill0 { fill: #56b4e9 } .fill1 { fill: #f0a35e } .fill2 { fill: #4cc9a4 }
              .fill3 { fill: #e39ac9 } .fill4 { fill: #e3d26f } .fill5 { fill: #9da7b3 }
            }
            """;

    /** What XML forbids, or may be shown as nothing. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}&&[^\\n]]|\\p{Cs}|[\\x{FFFE}\\x{FFFF}]");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Begins a picture.
     *
     * @param id is part of the ids in it, so that several can stand in one page
     * @param description all that it shows, for those who do not see it
     */
    Svg(String id, double width, double height, String title, String description) {
        open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + number(width) + " " + number(height),
                "width",
                number(width),
                "height",
                number(height),
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc");
        text("title", title, "id", id + "-title");
        text("desc", description, "id", id + "-desc");
        text("style", STYLE);
        empty("rect", "class", "paper", "width", number(width), "height", number(height));
    }

    /** Begins an element. */
    void open(String element, String... attributes) {
        begin(element, attributes);
        out.append(">\n");
        open.push(element);
    }

    /** Ends the innermost element. */
    void close() {
        out.append("</").append(open.pop()).append(">\n");
    }

    /** An element with nothing inside. */
    void empty(String element, String... attributes) {
        begin(element, attributes);
        out.append("/>\n");
    }

    /** An element with text inside. */
    void text(String element, String content, String... attributes) {
        begin(element, attributes);
        out.append('>').append(escaped(content)).append("</").append(element).append(">\n");
    }

    /** Words at a place; {@code anchor} is start, middle or end. */
    void words(double x, double y, String anchor, String styles, String content) {
        text("text", content, "x", number(x), "y", number(y), "text-anchor", anchor, "class", styles);
    }

    void line(String styles, double x1, double y1, double x2, double y2) {
        empty("line", "class", styles, "x1", number(x1), "y1", number(y1), "x2", number(x2), "y2", number(y2));
    }

    /** Ends the picture. */
    String finish() {
        while (!open.isEmpty()) {
            close();
        }
        return out.toString();
    }

    /** A length, to a tenth of a pixel. */
    static String number(double length) {
        String text = String.format(Locale.ROOT, "%.1f", length);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private void begin(String element, String... attributes) {
        out.append("  ".repeat(open.size())).append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(attributes[i + 1]))
                    .append('"');
        }
    }

    private static String escaped(String text) {
        return UNPRINTABLE
                .matcher(text)
                .replaceAll("?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
