import HootWire
import Testing

@testable import HootCapnProto

struct VectorTests {
  static let schemas = Result { () throws(CapnProtoError) in try WireSchemas() }

  @Test func thereAreAsManyAsWereRecorded() {
    #expect(Vector.envelopes.count > 100)
    #expect(Vector.broadcasts.count == 8)
  }

  @Test(arguments: Vector.envelopes) func everyRecordedEnvelopeReadsAsItsMeaning(_ vector: Vector) throws {
    let read = try Self.schemas.get().read(vector.body, as: .envelope)
    let wanted = vector.meaning["payload"]?.canonical
    #expect(read["payload"]?.canonical == wanted.map(Self.withBytesAsArrays))
  }

  @Test(arguments: Vector.broadcasts) func everyRecordedBroadcastReadsAsItsMeaning(_ vector: Vector) throws {
    let read = try Self.schemas.get().read(vector.body, as: .broadcast)
    #expect(read.canonical == vector.meaning["broadcast"]?.canonical)
  }

  @Test(arguments: Vector.envelopes + Vector.broadcasts)
  func whatIsReadIsWrittenToTheSameMeaning(_ vector: Vector) throws {
    let schemas = try Self.schemas.get()
    let root: WireSchemas.Root = vector.meaning["broadcast"] == nil ? .envelope : .broadcast
    let read = try schemas.read(vector.body, as: root)
    #expect(try schemas.read(try schemas.write(read, as: root), as: root) == read)
  }

  /// `{"hex": "f0f7"}` as the array of numbers that it is to us.
  private static func withBytesAsArrays(_ value: JSONValue) -> JSONValue {
    guard let object = value.object else { return value }
    if let hex = object["hex"] {
      let digits = hex.string ?? ""
      return .array(bytes(hex: digits).map { .number(Double($0)) })
    }
    return .object(JSONObject(object.members.map { ($0.key, withBytesAsArrays($0.value)) }))
  }
}
