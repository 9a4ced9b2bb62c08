import FoundationEssentials
import HootWire
import Testing

@Suite struct HootMessageTests {
  private let header =
    #"{"msg_id":"6f1d3c52-8a7b-4c0e-9f21-0123456789ab","session":"11111111-2222-4333-8444-555555555555","#
    + #""msg_type":"shell_request","version":"0.1.0","timestamp":"2026-01-02T03:04:05.678901234Z"}"#

  private func parse(_ text: String) throws -> HootMessage {
    try HootMessage.parse(try JSONValue.parse(Array(text.utf8)))
  }

  @Test(arguments: Vector.messages) func aCanonicalBodyIsWrittenAsItWasRead(_ vector: Vector) throws {
    let message = try JSONBodyCodec.message(vector.frames[6])
    #expect(message.encode().encode() == vector.frames[6])
  }

  @Test func metadataIsNeededAndAParentIsNot() throws {
    #expect(throws: MessageError.missing("metadata")) {
      try parse(#"{"header":\#(header),"parent_header":null,"content":{}}"#)
    }
    let message = try parse(#"{"content":{"type":"play"},"extra":1,"metadata":{"k":1},"header":\#(header)}"#)
    #expect(message.parentHeader == nil)
    #expect(message.content == ["type": "play"])
    #expect(message.metadata["k"] == 1)
    #expect(message.header.session.wireText == "11111111-2222-4333-8444-555555555555")
  }

  @Test func aMessageThatIsNoneIsNamed() {
    let cases: [(String, MessageError)] = [
      ("[]", .wrongKind("message", wanted: "an object", found: "an array")),
      ("{}", .missing("header")),
      (#"{"header":1}"#, .wrongKind("header", wanted: "an object", found: "an integer")),
      (
        #"{"header":\#(header),"metadata":null}"#,
        .wrongKind("metadata", wanted: "an object", found: "null")
      ),
      (#"{"header":\#(header),"metadata":{}}"#, .missing("content")),
      (
        #"{"header":\#(header),"metadata":{},"parent_header":{},"content":1}"#,
        .missing("parent_header.timestamp")
      ),
      (
        #"{"header":{"timestamp":5}}"#,
        .wrongKind("header.timestamp", wanted: "a string", found: "an integer")
      ),
      (
        #"{"header":{"timestamp":"2026-01-02T03:04:05Z","msg_id":"x"}}"#,
        .unreadable("header.msg_id", wanted: "a uuid", found: "x")
      ),
      (
        #"{"header":{"timestamp":"yesterday"}}"#,
        .unreadable("header.timestamp", wanted: "an RFC 3339 time with offset", found: "yesterday")
      ),
    ]
    for (text, error) in cases {
      #expect(throws: error) { try parse(text) }
    }
  }

  @Test(arguments: [
    "6f1d3c52-8a7b-4c0e-9f21-0123456789ab", "6F1D3C52-8A7B-4C0E-9F21-0123456789AB",
    "6f1d3c528a7b4c0e9f210123456789ab", "{6f1d3c52-8a7b-4c0e-9f21-0123456789ab}",
    "urn:uuid:6f1d3c52-8a7b-4c0e-9f21-0123456789ab",
  ])
  func aUUIDIsReadInEveryForm(_ text: String) {
    #expect(UUID(wireText: text)?.wireText == "6f1d3c52-8a7b-4c0e-9f21-0123456789ab")
  }

  @Test(arguments: [
    "", "{}", "6f1d3c52", "6f1d3c52-8a7b-4c0e-9f21-0123456789a", "6f1d3c52-8a7b-4c0e-9f21-0123456789abc",
    "6f1d3c5g-8a7b-4c0e-9f21-0123456789ab", "6f1d3c528a7b4c0e9f210123456789ag", "{", "urn:uuid:",
  ])
  func whatIsNoUUIDIsRefused(_ text: String) {
    #expect(UUID(wireText: text) == nil)
  }

  @Test func `A delete character in a key reached the terminal through the refusal`() {
    let body = Array("{\"a\u{7F}\u{9B}\u{2028}b\": 1, \"a\u{7F}\u{9B}\u{2028}b\": 2}".utf8)
    #expect {
      try JSONBodyCodec.message(body)
    } throws: { error in
      "\(error)".contains("\"a\\u007f\\u009b\\u2028b\"")
    }
  }

  @Test func `One character of many scalars made a refusal as long as the message`() {
    #expect(quoted("e" + String(repeating: "\u{301}", count: 100_000)).utf8.count < 200)
  }

  @Test func aReplyCarriesSessionAndHeaderOfItsRequest() throws {
    let request = try parse(#"{"header":\#(header),"metadata":{},"content":{"type":"play"}}"#)
    let context = ReplyContext(
      requestID: request.header.msgID, requestHeader: request.header, replyType: "shell_reply",
      time: Timestamp(seconds: 0, nanoseconds: 1))
    let reply = try JSONBodyCodec.message(
      JSONBodyCodec().encodeReply(["type": "ok", "result": nil], to: context))
    #expect(reply.header.session == request.header.session)
    #expect(reply.header.msgID != request.header.msgID)
    #expect(reply.header.msgType == "shell_reply")
    #expect(reply.header.timestamp.text == "1970-01-01T00:00:00.000000001Z")
    #expect(reply.parentHeader == request.header)
    #expect(reply.content == ["type": "ok", "result": nil])
  }

  @Test func aBodyIsReadByTheCodecOfItsKindOrRefused() {
    let codecs = BodyCodecs()
    for contentType in [HootFrame.ContentType.empty, .rawBinary, .capnProto] {
      let frame = HootFrame(command: .request, contentType: contentType, requestID: UUID())
      #expect(throws: BodyError.unsupported(contentType)) { try codecs.decodeRequest(frame) }
    }
    #expect(BodyError.unsupported(.rawBinary).description == "Unsupported content type: RawBinary")
    let broken = HootFrame(command: .request, contentType: .json, requestID: UUID(), body: [0x7b])
    #expect(throws: BodyError.json(JSONError(offset: 1, reason: .truncated(wanted: "a key in quotes")))) {
      try codecs.decodeRequest(broken)
    }
    let refusal = BodyError.message(.missing("metadata")).replyContent
    #expect(refusal["type"] == "error")
    #expect(refusal["error"] == "Failed to parse JSON ShellRequest: missing field `metadata`")
  }
}
