package io.seckill.gateway.page;

/** Text that is HTML already. Everything else is escaped where it gets into a page: a sale's title may be anything. */
record Html(String text) {
    static final Html NOTHING = new Html("");

    /** A text as it may stand between tags and within a quoted attribute. */
    static Html escaped(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(letter);
            }
        }
        return new Html(html.toString());
    }
}
