import HootWire
import Testing

@testable import MCP

@Suite struct DialectTests {
  @Test(
    "initialize agrees on the version asked for, or on the newest with a handshake",
    arguments: [("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25")])
  func handshake(_ asked: String, _ agreed: String) async {
    let talk = Talk(.working(polls: 1))
    let result = await talk.ask("initialize", ["protocolVersion": .string(asked), "capabilities": [:]])?[
      "result"]
    #expect(result?["protocolVersion"] == .string(agreed))
    #expect(result?["capabilities"]?["tasks"]?["requests"]?["tools"]?["call"] == [:])
    #expect(result?["resultType"] == nil)
  }

  @Test("server/discover names both dialects and the tasks extension")
  func discover() async {
    let result = await Talk(.working(polls: 1)).ask("server/discover", meta: Talk.stateless)?["result"]
    #expect(result?["supportedVersions"]?.array?.first == "2026-07-28")
    #expect(result?["supportedVersions"]?.array?.contains("2025-11-25") == true)
    #expect(result?["capabilities"]?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
    #expect(result?["resultType"] == "complete")
  }

  @Test("a version that is not spoken is refused with those that are")
  func version() async {
    let meta: JSONValue = [
      "io.modelcontextprotocol/protocolVersion": "2030-01-01",
      "io.modelcontextprotocol/clientCapabilities": [:],
    ]
    let error = await Talk(.working(polls: 1)).ask("tools/list", meta: meta)?["error"]
    #expect(error?["code"] == -32022 && error?["data"]?["requested"] == "2030-01-01")
    #expect(error?["data"]?["supported"]?.array?.contains("2026-07-28") == true)
  }

  @Test(
    "what is no request is answered with an error, and the connection goes on",
    arguments: [
      ("{", -32700), ("", nil), ("[]", -32600),
      ("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600),
      ("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32602),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nonsense\"}", -32601),
      (
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"play\",\"arguments\":[]}}",
        -32602
      ),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"cursor\":\"x\"}}", -32602),
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", nil),
      ("{\"jsonrpc\":\"2.0\",\"method\":\"nonsense\"}", nil),
      ("\u{0}\u{1}\u{FEFF}", -32700), ("{\"a\":1,\"a\":2}", -32700),
    ] as [(String, Int64?)])
  func malformed(_ text: String, _ code: Int64?) async {
    let talk = Talk(.working(polls: 1))
    var splitter = LineSplitter()
    for case .message(let bytes) in splitter.take(Array((text + "\n").utf8)) { await talk.send(bytes) }
    // What is a message is answered with its id, and in its own time.
    if code == -32601 || code == -32602 { _ = await talk.answer(to: 1) }
    #expect(await talk.ask("ping")?["result"] == [:])
    let errors = talk.messages.compactMap { $0["error"]?["code"]?.int }
    #expect(errors == (code.map { [$0] } ?? []))
  }

  @Test("a line that is too long is refused once, and the next is read")
  func tooLong() async {
    var splitter = LineSplitter(limit: 8)
    let lines = splitter.take(Array("0123456789abcdef\nping\n\n  \r\nxy".utf8))
    #expect(lines == [.tooLong, .message(Array("ping".utf8))])
    #expect(splitter.finish() == .message(Array("xy".utf8)))
    let talk = Talk(.working(polls: 1))
    await talk.sendTooLong()
    #expect(talk.messages.first?["error"]?["code"] == -32600)
  }

  @Test("bytes in any pieces are the same lines")
  func pieces() {
    let text = Array("{\"a\":1}\n\n{\"b\":2}\r\nlonger than eight\n{}".utf8)
    var whole = LineSplitter(limit: 10)
    var expected = whole.take(text)
    if let last = whole.finish() { expected.append(last) }
    for size in 1...text.count {
      var splitter = LineSplitter(limit: 10)
      var lines: [LineSplitter.Line] = []
      for start in stride(from: 0, to: text.count, by: size) {
        lines += splitter.take(text[start..<min(start + size, text.count)])
      }
      if let last = splitter.finish() { lines.append(last) }
      #expect(lines == expected, "in pieces of \(size)")
    }
  }

  @Test("a refusal of the daemon is a result that is an error, with its three lines")
  func refusal() async {
    let desk = ScriptedDesk { _, _ in
      ["type": "error", "error": "a", "detail": ["code": "bad", "exit": 1, "lines": ["a", "b", "c"]]]
    }
    let result = await Talk(desk).call("seek", ["position": "x"])?["result"]
    #expect(result?["isError"] == true && result?["content"]?.array?.first?["text"] == "a\nb\nc")
    #expect(result?["structuredContent"]?["code"] == "bad")
  }

  @Test("resources and prompts: what is there is read, what is not is refused")
  func resources() async {
    let talk = Talk(ScriptedDesk { _, _ in ["type": "ok", "result": ["x": 1]] })
    let read = await talk.ask("resources/read", ["uri": "garden://transport"])?["result"]
    #expect(read?["contents"]?.array?.first?["text"]?.string?.contains("\"x\":1") == true)
    #expect(await talk.ask("resources/read", ["uri": "file:///etc/passwd"])?["error"]?["code"] == -32002)
    #expect(
      await talk.ask("resources/read", ["uri": "file:///etc/passwd"], meta: Talk.stateless)?["error"]?["code"]
        == -32602)
    let prompt = await talk.ask("prompts/get", ["name": "compose_piece", "arguments": ["style": "soul"]])?[
      "result"]
    #expect(prompt?["messages"]?.array?.first?["content"]?["text"]?.string?.contains("soul") == true)
    #expect(await talk.ask("prompts/get", ["name": "nothing"])?["error"]?["code"] == -32602)
  }
}
