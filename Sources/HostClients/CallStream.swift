import Jobs

/// What a host has said of one call, event by event, up to its last word. A value; whoever has it locks it.
struct CallStream {
  /// Its end, as an event said it.
  private(set) var outcome: HostOutcome?
  private var chunks = 0

  /// What is to be told of an event; nil where nothing is. What comes behind the last word changes nothing: parts are told
  /// as such, so that they are counted.
  mutating func take(_ event: EventStream.Event, _ call: HostCall, _ host: String) -> HostReport? {
    switch StreamNews(event, call: call, host: host, chunk: chunks) {
    case .report(.chunk(var chunk)):
      chunks += 1
      if outcome != nil { chunk.fault = "it came after the end" }
      if chunks > HostClientLimits.chunks {
        // Nobody wants to hear of each of them.
        guard chunks == HostClientLimits.chunks + 1 else { return .heartbeat }
        chunk.fault = "it is the part \(chunks), and \(HostClientLimits.chunks) are allowed"
      }
      if chunk.fault != nil { chunk.bytes = [] }
      return .chunk(chunk)
    case .report(let news): return outcome == nil ? news : nil
    case .end(let end):
      if outcome == nil { outcome = end }
      return nil
    case .nothing: return outcome == nil ? .heartbeat : nil
    }
  }
}
