import CCapnProto
import HootWire

/// Why a message could not be read or written: one line.
package struct CapnProtoError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
}

/// The schemas of the wire, compiled in, and messages by them. Any thread: after `init` they are only read.
package final class WireSchemas: Sendable {
  /// What a message may be.
  package enum Root: String, Sendable {
    /// The body of a request or reply.
    case envelope = "Envelope"
    /// The only frame of a broadcast.
    case broadcast = "Broadcast"
  }

  // Written by `init` alone; the functions behind it take it as const and are safe to call from many threads.
  private nonisolated(unsafe) let schemas: OpaquePointer

  /// Parses them, which takes some milliseconds.
  package init() throws(CapnProtoError) {
    var why = ccapnp_bytes()
    let opened = ccapnp_open(&why)
    let reason = WireSchemas.take(why)
    guard let opened else { throw CapnProtoError(description: String(decoding: reason, as: UTF8.self)) }
    schemas = opened
  }

  deinit { ccapnp_close(schemas) }

  /// A message in stream framing as JSON: names in snake_case, of a union the member that is set, null pointers left
  /// out, Void as null, Data as an array of numbers.
  package func read(_ bytes: [UInt8], as root: Root) throws(CapnProtoError) -> JSONValue {
    let limits = ccapnp_limits(
      segments: CapnProtoLimits.segments, traversal_per_word: CapnProtoLimits.traversalPerWord,
      nesting: CapnProtoLimits.nesting,
      values: CapnProtoLimits.values, text_bytes: CapnProtoLimits.textBytes)
    var out = ccapnp_bytes()
    let isRead = ccapnp_read(schemas, root.rawValue, bytes, bytes.count, limits, &out)
    let text = try WireSchemas.taken(out, isRead)
    do {
      var limits = JSONLimits()
      limits.bytes = Int(CapnProtoLimits.textBytes)
      return try JSONValue.parse(text, limits: limits)
    } catch {
      // All of it is ours but for the texts and the depth.
      throw CapnProtoError(description: "Message cannot be read: \(error)")
    }
  }

  /// The inverse of `read`. Null members are left out; a member that the schema lacks is refused.
  package func write(_ value: JSONValue, as root: Root) throws(CapnProtoError) -> [UInt8] {
    let text = Self.withoutLetterEscapes(value.wideIntegersAsText.encode())
    var out = ccapnp_bytes()
    let isWritten = text.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        ccapnp_write(schemas, root.rawValue, $0.baseAddress, $0.count, &out)
      }
    }
    return try WireSchemas.taken(out, isWritten)
  }

  /// JSON whose control characters stand for themselves where their escape has a letter in it, as `\u001b` has:
  /// libcapnp 0.9's parser takes a for 0. Others, NUL among them, stay escaped.
  private static func withoutLetterEscapes(_ json: [UInt8]) -> [UInt8] {
    guard json.contains(UInt8(ascii: "\\")) else { return json }
    var out: [UInt8] = []
    out.reserveCapacity(json.count)
    var rest = json[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let kind = rest.first else {
        out.append(byte)
        continue
      }
      let digits = rest.dropFirst().prefix(4)
      if kind == UInt8(ascii: "u"), let last = digits.last, last >= UInt8(ascii: "a"),
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        out.append(code)
        rest = rest.dropFirst(5)
      } else {
        out += [byte, kind]
        rest = rest.dropFirst()
      }
    }
    return out
  }

  /// Whether a struct has a field, all three named as in the schema's file.
  package func has(field: String, of type: String, file: String) -> Bool {
    ccapnp_has_field(schemas, file, type, field) != 0
  }

  /// Every struct and enum as it was compiled: ids, sizes, places.
  package func layout() throws(CapnProtoError) -> JSONValue {
    var out = ccapnp_bytes()
    let isRead = ccapnp_layout(schemas, &out)
    do { return try JSONValue.parse(try WireSchemas.taken(out, isRead)) } catch {
      throw CapnProtoError(description: "\(error)")
    }
  }

  private static func taken(_ bytes: ccapnp_bytes, _ isGood: Int32) throws(CapnProtoError) -> [UInt8] {
    let taken = take(bytes)
    guard isGood != 0 else { throw CapnProtoError(description: String(decoding: taken, as: UTF8.self)) }
    return taken
  }

  private static func take(_ bytes: ccapnp_bytes) -> [UInt8] {
    defer { ccapnp_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes.data, count: bytes.count))
  }
}

extension JSONValue {
  /// JSON numbers are doubles to the reader on the other side, so integers beyond them travel as text.
  var wideIntegersAsText: JSONValue {
    switch self {
    case .integer(let value): value.magnitude > 1 << 53 ? .string(String(value)) : self
    case .unsigned(let value): .string(String(value))
    case .number(let value) where !value.isFinite:
      .string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
    case .array(let values): .array(values.map(\.wideIntegersAsText))
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, $0.value.wideIntegersAsText) }))
    default: self
    }
  }
}
