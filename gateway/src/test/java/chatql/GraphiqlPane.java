package chatql;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.List;

/** One GraphiQL on the page, as a user handles it. */
final class GraphiqlPane {
    private static final String TEXT = "editor => editor.CodeMirror.getValue()";

    private final Page page;
    private final Locator pane;

    GraphiqlPane(Page page, int index) {
        this.page = page;
        pane = page.locator(".pane").nth(index);
        // GraphiQL offers no operation before it has read the schema.
        pane.locator(".graphiql-spinner").waitFor(hidden());
        pane.locator(".graphiql-tab-button").first().waitFor();
    }

    List<String> tabs() {
        return pane.locator(".graphiql-tab-button").allInnerTexts();
    }

    /**
     * Returns once GraphiQL has read the tab's operation: until then, it would run it under the previous one's name.
     */
    GraphiqlPane choose(String tab) {
        pane.locator(".graphiql-tab-button", new Locator.LocatorOptions().setHasText(tab))
                .click();
        pane.locator(".graphiql-tab-active", new Locator.LocatorOptions().setHasText(tab))
                .waitFor();
        page.waitForFunction(
                "([editor, name]) => editor.CodeMirror.operationName === name",
                List.of(operation().elementHandle(), tab));
        return this;
    }

    GraphiqlPane replace(String text, String by) {
        operation()
                .evaluate(
                        "(editor, [text, by]) => editor.CodeMirror.setValue(editor.CodeMirror.getValue().replace(text, by))",
                        List.of(text, by));
        return this;
    }

    void run() {
        pane.locator(".graphiql-execute-button").click();
    }

    /** The response's JSON, once it has the text. */
    String answer(String text) {
        pane.locator(".result-window .CodeMirror-line", new Locator.LocatorOptions().setHasText(text))
                .first()
                .waitFor();
        return shown();
    }

    boolean shows(String text) {
        return shown().contains(text);
    }

    private String shown() {
        return (String) pane.locator(".result-window .CodeMirror").evaluate(TEXT);
    }

    private Locator operation() {
        return pane.locator(".graphiql-query-editor .CodeMirror");
    }

    private static Locator.WaitForOptions hidden() {
        return new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN);
    }
}
