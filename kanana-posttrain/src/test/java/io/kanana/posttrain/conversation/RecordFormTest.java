package io.kanana.posttrain.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three forms of records, and the rules of conversations by their names. */
class RecordFormTest {
  private static final String WEATHER =
      "'tools': [{'type': 'function', 'function': {'name': 'weather', 'parameters': {}}}]";
  private static final String CALL =
      "{'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'a', 'type': 'function',"
          + " 'function': {'name': 'weather', 'arguments': '{\"city\": \"서울\"}'}}]}";

  @SuppressWarnings("unchecked") // a JSON object is a map
  private static Map<String, Object> record(String json) {
    try {
      return new ObjectMapper().readValue(json.replace('\'', '"'), LinkedHashMap.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static Map<String, Object> withCall(String messages) {
    String text = "{'messages': [" + messages.replace("CALL", "@") + "], " + WEATHER + "}";
    String quoted = text.replace('\'', '"');
    String call = CALL.replace("'{\"", "'{\\\"").replace("\": \"서울\"}'", "\\\": \\\"서울\\\"}'");
    return record(quoted.replace("@", call.replace('\'', '"')));
  }

  private static Conversation parse(Map<String, Object> record) throws BadConversationException {
    return RecordForm.AUTO.parse(record);
  }

  private static Conversation parse(String json) throws BadConversationException {
    return parse(record(json));
  }

  private static List<String> said(Conversation conversation) {
    return conversation.messages().stream().map(m -> m.role() + ": " + m.content()).toList();
  }

  @Test
  void messagesWithWhereTheyComeFrom() throws BadConversationException {
    Conversation read =
        parse(
            "{'messages': [{'role': 'developer', 'content': 'Be brief.'}, {'role': 'user', 'content':"
                + " [{'type': 'text', 'text': '안'}, '녕']}, {'role': 'assistant', 'content': '네.',"
                + " 'reasoning_content': '음', 'weight': 1}], 'source': 's', 'category': 'chat',"
                + " 'license': 'MIT', 'else': 3}");
    assertThat(said(read)).containsExactly("SYSTEM: Be brief.", "USER: 안녕", "ASSISTANT: 네.");
    assertThat(read.messages().get(2).reasoning()).contains("음");
    assertThat(read.origin())
        .isEqualTo(new Origin(Optional.of("s"), Optional.of("chat"), Optional.of("MIT")));
    assertThat(read.tools()).isEmpty();
  }

  @Test
  void callsWithTheirToolsAndResults() throws BadConversationException {
    Conversation read =
        parse(
            withCall(
                "{'role': 'user', 'content': '날씨?'}, CALL, {'role': 'tool', 'tool_call_id': 'a',"
                    + " 'content': '맑음'}, {'role': 'assistant', 'content': '맑아요.'}"));
    assertThat(read.tools()).extracting(Tool::name).containsExactly("weather");
    ToolCall call = read.messages().get(1).toolCalls().getFirst();
    assertThat(call).isEqualTo(new ToolCall(Optional.of("a"), "weather", Map.of("city", "서울")));
    assertThat(read.messages().get(2).toolCallId()).contains("a");
    assertThat(read.fields(2).get(1))
        .containsEntry(
            "tool_calls",
            List.of(
                Map.of(
                    "id", "a",
                    "type", "function",
                    "function", Map.of("name", "weather", "arguments", Map.of("city", "서울")))));
  }

  @Test
  void shareGpt() throws BadConversationException {
    Conversation read =
        parse(
            "{'system': '도우미', 'conversations': [{'from': 'human', 'value': 'a'}, {'from': 'gpt',"
                + " 'value': 'b'}, {'from': 'user', 'value': 'c'}, {'from': 'chatgpt', 'value': 'd'}]}");
    assertThat(said(read))
        .containsExactly("SYSTEM: 도우미", "USER: a", "ASSISTANT: b", "USER: c", "ASSISTANT: d");
  }

  @Test
  void shareGptWithCalls() throws BadConversationException {
    String call = "[{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {\\\"x\\\": 1}}]";
    Conversation read =
        parse(
            "{'tools': '[{\\\"name\\\": \\\"f\\\"}]', 'conversations': [{'from': 'human', 'value':"
                + " 'a'}, {'from': 'function_call', 'value': '"
                + call
                + "'}, {'from': 'observation', 'value': '2'}, {'from': 'gpt', 'value': 'b'}]}");
    assertThat(read.messages().get(1).toolCalls())
        .containsExactly(new ToolCall(Optional.empty(), "f", Map.of("x", 1)));
    assertThat(read.messages().get(2).role()).isEqualTo(Role.TOOL);
  }

  @Test
  void toolsMayBeTextsOfJson() throws BadConversationException {
    String name = "{\\\"name\\\": \\\"f\\\"}";
    for (String tools : List.of("['" + name + "']", "'[" + name + "]'", "[{'name': 'f'}]")) {
      Conversation read = parse("{'instruction': 'a', 'output': 'b', 'tools': " + tools + "}");
      assertThat(read.tools()).containsExactly(new Tool("f", Map.of("name", "f")));
    }
  }

  @Test
  void alpaca() throws BadConversationException {
    Conversation read =
        parse(
            "{'instruction': 'Add.', 'input': '1 2', 'output': '3', 'system': ' ', 'history':"
                + " [['q', 'a']]}");
    assertThat(said(read))
        .containsExactly("USER: q", "ASSISTANT: a", "USER: Add.\n\n1 2", "ASSISTANT: 3");
    assertThat(said(parse("{'instruction': 'Hi', 'input': '', 'output': 'Ho'}")))
        .containsExactly("USER: Hi", "ASSISTANT: Ho");
  }

  @Test
  void aConversationMayEndWithTheUserOrACall() throws BadConversationException {
    String turn = "{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'}";
    assertThat(parse("{'messages': [" + turn + ", {'role': 'user', 'content': 'c'}]}").messages())
        .hasSize(3);
    assertThat(parse("{'messages': [{'role': 'user', 'content': 'c'}]}").messages()).hasSize(1);
    assertThat(parse(withCall("{'role': 'user', 'content': 'a'}, CALL")).messages()).hasSize(2);
  }

  @Test
  void halvesOfCharactersAreReplaced() throws BadConversationException {
    Conversation read = parse("{'instruction': 'a\\ud800b', 'output': 'c'}");
    assertThat(read.messages().getFirst().content()).isEqualTo("a\uFFFDb");
  }

  /** One of user, assistant, system, ... by its first letter; what it says after a colon. */
  private static String messages(String turns) {
    StringBuilder json = new StringBuilder();
    for (String message : turns.split(" ", -1)) {
      String role =
          Map.of("s", "system", "u", "user", "a", "assistant", "t", "tool", "x", "narrator")
              .get(message.substring(0, 1));
      String said = message.substring(1);
      json.append(json.isEmpty() ? "" : ", ");
      json.append(
          role == null
              ? "CALL"
              : "{'role': '" + role + "', 'content': '" + (said.equals("_") ? " " : said) + "'}");
    }
    return json.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "s1 s2 u1 a1, two-system-messages, 2 system messages",
    "u1 s1 a1, system-not-first, the first message is the user",
    "a1 u1, user-not-first, 'message 1 of 2, of the assistant, comes before any of the user'",
    "s1 a1, user-not-first, 'message 2 of 2, of the assistant, comes before any of the user'",
    "u1 u2 a1, roles-do-not-alternate, 'message 2 of 3, of the user, comes after one of the user'",
    "u1 a1 a2, roles-do-not-alternate, 'message 3 of 3, of the assistant, comes after one of the assistant'",
    "u1 a_, empty-answer, 'message 2 of 2, of the assistant, is blank'",
    "u_ a1, empty-message, 'message 1 of 2, of the user, is blank'",
    "u1 t1 a1, tool-result-without-call, 'message 2 of 3, of the tool, answers a call that was not made'",
    "u1 C u2 a1, tool-call-without-result, 'message 3 of 4, of the user, comes before 1 results'",
    "u1 C t1 t2 a1, tool-result-without-call, 'message 4 of 5, of the tool, answers a call that was not made'",
    "u1 C a1, tool-call-without-result, 'message 3 of 3, of the assistant, comes before 1 results'",
    "u1 C t1 u2 a1, roles-do-not-alternate, 'message 4 of 5, of the user, comes after one of the tool'",
    "u1 x1 a1, unknown-role, message 2 is of 'narrator'"
  })
  void everyBrokenRuleHasAName(String messages, String reason, String detail) {
    BadConversationException bad =
        catchThrowableOfType(
            BadConversationException.class, () -> parse(withCall(messages(messages))));
    assertThat(bad.reason() + " (" + bad.detail() + ")").isEqualTo(reason + " (" + detail + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text': 'a'} | unknown-form",
        "{'messages': []} | no-messages",
        "{'messages': 'a'} | messages-not-a-list",
        "{'messages': ['a']} | message-not-an-object",
        "{'messages': [{'content': 'a'}]} | role-missing",
        "{'messages': [{'role': 'user'}]} | content-missing",
        "{'messages': [{'role': 'user', 'content': 3}]} | content-not-text",
        "{'messages': [{'role': 'user', 'content': [{'type': 'image_url'}]}]} | content-not-text",
        "{'messages': [{'role': 'assistant', 'content': 'a', 'weight': 0}]} | weight-not-supported",
        "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant'}]} | empty-answer",
        "{'conversations': [{'from': 'human'}]} | content-missing",
        "{'conversations': [{'from': 'alien', 'value': 'a'}]} | unknown-role",
        "{'instruction': 'a'} | content-missing",
        "{'instruction': 'a', 'output': ''} | empty-answer",
        "{'instruction': 'a', 'output': 'b', 'history': [['q']]} | history-not-pairs",
        "{'instruction': 'a', 'output': 'b', 'tools': '{'} | tools-not-functions",
        "{'instruction': 'a', 'output': 'b', 'tools': [{'x': 1}]} | tools-not-functions",
        "{'instruction': 'a', 'output': 'b', 'tools': [{'name': 'f'}, {'name': 'f'}]} | two-tools-of-one-name",
        "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'tool_calls': [{'function': {'name': 'f', 'arguments': '{'}}]}]} | tool-call-arguments",
        "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'tool_calls': [{'function': {'name': 'f', 'arguments': '{}'}}]}]} | tool-call-without-tool",
        "{'conversations': [{'from': 'human', 'value': 'a'}, {'from': 'function_call', 'value': 'f()'}]} | tool-call-not-a-call"
      })
  void everyBrokenFormHasAName(String json, String reason) {
    BadConversationException bad =
        catchThrowableOfType(BadConversationException.class, () -> parse(json));
    assertThat(bad.reason()).as(bad.detail()).isEqualTo(reason);
  }

  @Test
  void aResultNamesItsCall() {
    BadConversationException bad =
        catchThrowableOfType(
            BadConversationException.class,
            () ->
                parse(
                    withCall(
                        "{'role': 'user', 'content': 'a'}, CALL, {'role': 'tool', 'tool_call_id':"
                            + " 'b', 'content': '1'}")));
    assertThat(bad.reason()).isEqualTo("tool-result-without-call");
    assertThat(bad.detail()).contains("answers call b, which was not made");
  }
}
