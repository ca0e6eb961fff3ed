package io.seckill.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void shouldEscapeTextAndLeaveHtml() {
        Template template = Template.parse("<a title=\"{{title}}\">{{title}}</a>{{rest}}{");

        Html filled = template.fill(
                place -> place.equals("rest") ? new Html("<b>&amp;</b>") : "\"><script>alert('1')</script>&{{rest}}");

        String escaped = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;{{rest}}";
        assertEquals("<a title=\"" + escaped + "\">" + escaped + "</a><b>&amp;</b>{", filled.text());
    }
}
