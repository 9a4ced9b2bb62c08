import FoundationEssentials
import HootWire
import Testing

@testable import HootCapnProto

struct BodyCodecTests {
  private let codec: CapnProtoBodyCodec

  init() throws { codec = CapnProtoBodyCodec(try VectorTests.schemas.get()) }

  private func request(_ name: String) throws -> RequestBody {
    try codec.decodeRequest(try #require(Vector.all.first { $0.name == name }).body)
  }

  private func refusal(of payload: JSONValue) throws -> String? {
    let body = try codec.schemas.write(["payload": payload], as: .envelope)
    do {
      _ = try codec.decodeRequest(body)
      return nil
    } catch { return error.description }
  }

  @Test func everyCharacterOfATextIsWrittenAsItIs() throws {
    let text = String(String.UnicodeScalarView((0..<0x80).compactMap(Unicode.Scalar.init))) + "\\u001b ä 音"
    let error: JSONValue = ["error": ["code": "x", "message": .string(text)]]
    let written = try codec.schemas.write(["payload": error], as: .envelope)
    #expect(try codec.schemas.read(written, as: .envelope)["payload"]?["error"]?["message"]?.string == text)
  }

  @Test func aToolIsItsNameWithItsFieldsBesideIt() throws {
    let seek = try request("garden_seek")
    #expect(seek.content == ["type": "garden_seek", "beat": 16.0])
    #expect(seek.form == .tool)
    let direct = try request("legacy_garden_seek")
    #expect(direct.content == ["type": "garden_seek", "beat": 2.5])
    #expect(direct.form == .payload)
    #expect(try request("midi_send_raw").content["raw_bytes"] == [0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7])
  }

  @Test func whatPeersRefuseIsRefusedInTheirWords() throws {
    #expect(try refusal(of: nil) == "Failed: Register unimplemented")
    #expect(try refusal(of: ["register": [:]]) == "Failed: Register unimplemented")
    #expect(try refusal(of: ["tool_call": ["name": "x"]]) == "Failed: ToolCall deprecated: \"x\"")
    #expect(try refusal(of: ["removed_garden_query": nil]) == "Failed: garden_query has been removed")
    for tool in ["removed_graph_bind", "removed_garden_query", "lua_eval", "lua_describe", "script_store"] {
      #expect(
        try refusal(of: ["tool_request": [tool: nil].json]) == "Failed: Unsupported ToolRequest variant")
    }
  }

  /// The last four bytes of the payload's first word are padding; its first two are the tag.
  @Test func aMemberBeyondTheSchemaIsNamedByItsNumber() throws {
    var body = try codec.schemas.write(["payload": ["ping": nil]], as: .envelope)
    let place = try #require(body.lastIndex(of: 1))
    body[place] = 200
    let error = #expect(throws: BodyError.self) { try codec.decodeRequest(body) }
    #expect(error?.description.contains("200 was not present in the schema") == true)
  }

  @Test func aReplyCarriesTheFramesIDAndItsContent() throws {
    let id = try #require(UUID(wireText: "01020304-0506-0708-090a-0b0c0d0e0f10"))
    let context = ReplyContext(requestID: id, requestHeader: nil, replyType: "shell_reply")
    let body = codec.encodeReply(["type": "ack", "message": "ok"], to: context)
    let envelope = try codec.schemas.read(body, as: .envelope)
    #expect(envelope["id"] == ["low": 0x0807_0605_0403_0201, "high": 0x100F_0E0D_0C0B_0A09])
    #expect(envelope["payload"] == ["tool_response": ["ack": ["message": "ok"]]])
  }

  @Test func anErrorOfOursIsAShellErrorToPeers() throws {
    let context = ReplyContext(requestID: UUID(), requestHeader: nil, replyType: "shell_reply")
    func error(_ content: JSONValue) throws -> JSONValue? {
      try codec.schemas.read(codec.encodeReply(content, to: context), as: .envelope)["payload"]?["error"]
    }
    let ours = try error([
      "type": "error", "error": "no", "detail": ["code": "busy", "lines": ["a", "b", "c"]],
    ])
    #expect(ours?["code"] == "shell_error")
    #expect(ours?["message"] == "no")
    #expect(ours?["details"]?.string?.contains("\"busy\"") == true)
    #expect(
      try error(["type": "error", "error": "x", "detail": ["code": "invalid_uuid"]])?["code"]
        == "invalid_uuid")
    // What cannot be said in the schema is said to be so.
    #expect(try error(["type": "no_such_reply"])?["code"] == "shell_error")
  }
}

extension [String: JSONValue?] {
  fileprivate var json: JSONValue { .object(JSONObject(map { ($0.key, $0.value ?? .null) })) }
}
