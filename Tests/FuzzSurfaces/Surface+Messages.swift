import FoundationEssentials
import HootCapnProto
import HootWire

extension Surface {
  /// Parsed once; a fuzzer's inputs come by the million.
  private static let codec: CapnProtoBodyCodec = {
    do { return CapnProtoBodyCodec(try WireSchemas()) } catch {
      complain("the schemas cannot be read: \(error)")
      preconditionFailure("no schemas")
    }
  }()

  /// The body of a request in Cap'n Proto. What is read and written again reads as the same.
  static func takeEnvelope(_ bytes: [UInt8]) -> String {
    do throws(CapnProtoError) {
      let read = try codec.schemas.read(bytes, as: .envelope)
      // A member that the schema lacks cannot be written.
      if let again = written(read) { demand(again.text == read.text, "what is written reads as the same") }
    } catch {
      demand(!error.description.isEmpty, "a refusal says something")
    }
    do throws(BodyError) {
      let request = try codec.decodeRequest(bytes)
      demand(request.content["type"]?.string?.isEmpty == false, "a request has a name")
      return "a request of \(bytes.count) bytes"
    } catch {
      let context = ReplyContext(requestID: UUID(), requestHeader: nil, replyType: "shell_reply")
      demand(!codec.encodeReply(error.replyContent, to: context).isEmpty, "a refusal can be sent")
      return "refused: \(error)"
    }
  }

  private static func written(_ value: JSONValue) -> JSONValue? {
    guard let bytes = try? codec.schemas.write(value, as: .envelope) else { return nil }
    do { return try codec.schemas.read(bytes, as: .envelope) } catch {
      demand(false, "what is written reads: \(error)")
      return nil
    }
  }
}
