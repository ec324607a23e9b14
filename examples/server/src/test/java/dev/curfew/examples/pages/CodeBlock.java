package dev.curfew.examples.pages;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A block of Java on a page, and the class that it is compiled in. Immutable.
 *
 * @param page where it stands
 * @param line its first one there
 * @param code as it is shown
 */
record CodeBlock(Path page, int line, String code) {
    private static final String BEGIN = "```java";
    private static final String END = "```";

    /** A declaration of a class or of a method, and no statement. */
    private static final Pattern MEMBER = Pattern.compile(
            "(?s)\\s*(@\\w+\\s+|static |final |public )*(class|interface|record|enum|static [\\w<>]+) .*");

    static List<CodeBlock> in(Path page, List<String> lines) {
        List<CodeBlock> blocks = new ArrayList<>();
        StringBuilder code = null;
        int first = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (code == null && line.strip().equals(BEGIN)) {
                code = new StringBuilder();
                first = i + 2;
            } else if (code != null && line.strip().equals(END)) {
                blocks.add(new CodeBlock(page, first, code.toString()));
                code = null;
            } else if (code != null) {
                code.append(line).append('\n');
            }
        }
        return blocks;
    }

    boolean isMember() {
        return MEMBER.matcher(withoutImports()).matches();
    }

    String className() {
        String name = page.normalize().toString().replaceAll("[^A-Za-z]+", "_");
        return "Block" + name + "_" + line;
    }

    /** A subclass of the context, with the block as its {@code run}, or as a member. */
    String source() {
        StringBuilder source = new StringBuilder("package dev.curfew.examples.pages;\n");
        for (String room : PageContext.ROOMS) {
            source.append("import ").append(room).append(".*;\n");
        }
        source.append("import static java.time.Duration.*;\n");
        code.lines()
                .filter(CodeBlock::isImport)
                .forEach(line -> source.append(line).append('\n'));
        return source.append("public class ")
                .append(className())
                .append(" extends PageContext {\n")
                .append(
                        isMember()
                                ? withoutImports()
                                : "public Object run() throws Exception {\nif (isRun()) {\n" + body()
                                        + "}\nreturn null;\n}\n")
                .append("}\n")
                .toString();
    }

    /** A chain that ends in the middle, as pages show builders, is the value of an expression. */
    private String body() {
        String statements = withoutImports().strip();
        String last =
                statements.lines().reduce((one, next) -> next).orElseThrow().replaceFirst("\\s*//.*", "");
        boolean isWhole = last.endsWith(";") || last.endsWith("}");
        return (isWhole ? statements : "Object value =\n" + statements + "\n;") + "\n";
    }

    private String withoutImports() {
        return code.lines()
                .filter(line -> !isImport(line))
                .map(line -> line + "\n")
                .reduce("", String::concat);
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }

    @Override
    public String toString() {
        return page.normalize() + ":" + line;
    }
}
