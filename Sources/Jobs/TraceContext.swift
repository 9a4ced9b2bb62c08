/// Where in a trace something stands: W3C Trace Context, level 1. Neither of its ids is zero.
package struct TraceContext: Sendable, Hashable {
  /// The trace, 128 bits.
  package let high: UInt64
  package let low: UInt64
  /// The span that asks.
  package let span: UInt64
  /// Whether whoever began the trace wants it kept.
  package let isSampled: Bool

  package init(high: UInt64, low: UInt64, span: UInt64, isSampled: Bool) {
    (self.high, self.low) = high | low == 0 ? (0, 1) : (high, low)
    self.span = max(span, 1)
    self.isSampled = isSampled
  }

  /// A `traceparent`: `00-` 32 digits `-` 16 digits `-` 2 digits, in lower case. Of a later version what stands behind
  /// these is passed over. Nil for what the specification calls invalid, ids of zeros and version ff among it.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 55, bytes[2] == Self.hyphen, bytes[35] == Self.hyphen, bytes[52] == Self.hyphen,
      let version = Self.value(bytes[0..<2]), version != 0xFF,
      version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == Self.hyphen,
      let high = Self.value(bytes[3..<19]), let low = Self.value(bytes[19..<35]), high | low != 0,
      let span = Self.value(bytes[36..<52]), span != 0, let flags = Self.value(bytes[53..<55])
    else { return nil }
    self.init(high: high, low: low, span: span, isSampled: flags & 1 == 1)
  }

  private static let hyphen = UInt8(ascii: "-")

  private static func value(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }

  /// As a `traceparent` of version 00. Flags that this version does not know are not passed on.
  package var text: String { "00-\(traceText)-\(Self.text(span))-\(isSampled ? "01" : "00")" }

  /// The trace's id, 32 digits.
  package var traceText: String { Self.text(high) + Self.text(low) }

  /// 16 hexadecimal digits.
  package static func text(_ id: UInt64) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The same trace, seen from another span.
  package func at(_ span: UInt64) -> TraceContext {
    TraceContext(high: high, low: low, span: span, isSampled: isSampled)
  }
}

/// The spans of a job. Their ids follow from the job's, so that another daemon that goes on with it speaks of the same
/// spans: asked for within whoever asks; the job within that; its calls and attachments within the job.
extension JobSpec {
  package enum Span: Sendable, Hashable {
    /// From the request until the job is durable.
    case submit
    /// From its submission to its end.
    case job
    /// One lease of it.
    case call(epoch: UInt64)
    /// Its result enters the timeline.
    case attach(slot: Int)
  }

  /// A trace of its own, for a job that comes with none: its id is the trace's.
  package static func root(_ job: JobID) -> TraceContext {
    TraceContext(high: job.high, low: job.low, span: id(of: .submit, job), isSampled: true)
  }

  /// Where one of its spans stands.
  package func trace(_ span: Span) -> TraceContext { origin.at(Self.id(of: span, id)) }

  /// The span that one of its spans is within; nil of the first of a trace.
  package func parent(of span: Span) -> UInt64? {
    switch span {
    case .submit: origin.span == Self.id(of: .submit, id) ? nil : origin.span
    case .job: Self.id(of: .submit, id)
    case .call, .attach: Self.id(of: .job, id)
    }
  }

  /// Whoever asked; what cannot be read is as if nothing had come.
  private var origin: TraceContext { traceparent.flatMap { TraceContext($0) } ?? Self.root(id) }

  private static func id(of span: Span, _ job: JobID) -> UInt64 {
    let salt: UInt64 =
      switch span {
      case .submit: 1
      case .job: 2
      case .call(let epoch): epoch << 8 | 3
      case .attach(let slot): UInt64(bitPattern: Int64(slot)) << 8 | 4
      }
    return max(mixed(job.high ^ mixed(job.low ^ mixed(salt))), 1)
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the word counts.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
