import Testing

@testable import Jobs

/// W3C Trace Context, and where a job's spans stand in it.
@Suite struct TraceContextTests {
  private static let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test func `What is valid is read and written back`() throws {
    let context = try #require(TraceContext(Self.text))
    #expect(context.traceText == "4bf92f3577b34da6a3ce929d0e0e4736" && context.span == 0x00F0_67AA_0BA9_02B7)
    #expect(context.isSampled && context.text == Self.text)
    // Flags of level 1 know one bit; others are not passed on.
    #expect(TraceContext("\(Self.text.dropLast(2))fe")?.text == "\(Self.text.dropLast(2))00")
    #expect(TraceContext("\(Self.text.dropLast(2))03")?.text == Self.text)
    // A later version is read as far as this one goes.
    #expect(TraceContext("cc\(Self.text.dropFirst(2))-what-the-future-brings")?.text == Self.text)
    #expect(TraceContext("cc\(Self.text.dropFirst(2))")?.text == Self.text)
  }

  private static let bad: [String] = [
    "", "00", "00-1-2-3", String(text.dropLast()), "\(text)0", "\(text)-", "\(text)-x", text.uppercased(),
    "ff\(text.dropFirst(2))", "0g\(text.dropFirst(2))", "cc\(text.dropFirst(2)).x",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", " \(text)", "\(text)é",
    "\(text.dropLast(2))0x",
  ]

  @Test(arguments: bad)
  func `What the specification calls invalid is none`(text: String) {
    #expect(TraceContext(text) == nil)
  }

  @Test func `A job stands within its request, its calls and attachments within the job`() {
    var spec = JobSpec(id: JobID(high: 1, low: 2), tool: "make")
    spec.traceparent = Self.text
    #expect(spec.parent(of: .submit) == 0x00F0_67AA_0BA9_02B7)
    #expect(spec.parent(of: .job) == spec.trace(.submit).span)
    let spans: [JobSpec.Span] = [
      .submit, .job, .call(epoch: 1), .call(epoch: 2), .attach(slot: 0), .attach(slot: -1),
    ]
    #expect(spans.dropFirst(2).allSatisfy { spec.parent(of: $0) == spec.trace(.job).span })
    #expect(Set(spans.map { spec.trace($0).span }).count == spans.count)
    #expect(spans.allSatisfy { spec.trace($0).traceText == "4bf92f3577b34da6a3ce929d0e0e4736" })
    // Another daemon that goes on with it says the same.
    var other = JobSpec(id: JobID(high: 1, low: 2), tool: "make")
    other.traceparent = Self.text
    #expect(other.trace(.call(epoch: 2)) == spec.trace(.call(epoch: 2)))
  }

  @Test func `Without a trace of its client's a job begins one that is called like it`() {
    var spec = JobSpec(id: JobID(high: 0x0198, low: 7), tool: "make")
    for text in [nil, "nonsense", JobSpec.root(spec.id).text] {
      spec.traceparent = text
      #expect(
        spec.trace(.job).traceText == "00000000000001980000000000000007" && spec.parent(of: .submit) == nil)
      #expect(spec.trace(.job).isSampled)
    }
    // What is tried anew stands within what was asked before.
    var again = JobSpec(id: JobID(high: 0x0198, low: 8), tool: "make")
    again.traceparent = JobSpec.root(spec.id).text
    #expect(again.parent(of: .submit) == spec.trace(.submit).span)
    #expect(again.trace(.job).traceText == spec.trace(.job).traceText)
    // Ids of zeros are none, whatever job asks.
    #expect(TraceContext(JobSpec.root(JobID(high: 0, low: 0)).text) != nil)
  }
}
