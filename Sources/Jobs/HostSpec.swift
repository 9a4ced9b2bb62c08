/// A machine that can do jobs.
package struct HostSpec: Sendable, Equatable, Codable {
  /// One thing that runs there: an address and the tools it has. A busy answer is about the service alone.
  package struct Service: Sendable, Equatable, Codable {
    /// A URL, an endpoint or a program: what the kind's client makes of it.
    package var address: String
    /// `*` stands for every tool.
    package var tools: Set<String>

    package init(address: String, tools: Set<String>) {
      self.address = address
      self.tools = tools
    }
  }

  package var name: String
  package var kind: HostKind
  /// Calls at a time, over all services.
  package var slots: Int
  /// Whether the slots follow the memory and load that the host reports, up to `slotsAtMost`.
  package var followsLoad = false
  package var slotsAtMost: Int
  package var labels: Set<String>
  package var services: [Service]
  /// Calls begun within a minute at most; nil: any number.
  package var startsPerMinute: Int?
  /// What is to be known of it, for people: `VRAM` → `8 GB`.
  package var facts: [String: String] = [:]

  package init(
    name: String, kind: HostKind, slots: Int, labels: Set<String> = [], services: [Service]
  ) {
    self.name = name
    self.kind = kind
    self.slots = slots
    slotsAtMost = max(slots, 1) * 2
    self.labels = labels
    self.services = services
  }

  /// The hosts that are there before anybody names any, and the kinds of task each is for.
  package static let usual: [HostSpec] = [
    usual("surtr-reasoning", slots: 2, ["reasoning", "general"], memory: "8 GB"),
    usual("fenrir-chat", slots: 3, ["text", "summarize"], memory: "6 GB"),
    usual("skadi-code", slots: 2, ["code"], memory: "4 GB"),
  ]

  /// The ports that generation services over HTTP usually have, and what each of them does.
  package static let usualPorts: [(port: Int, tools: Set<String>)] = [
    (2000, ["orpheus_generate", "orpheus_generate_seeded", "orpheus_continue"]), (2001, ["orpheus_classify"]),
    (2002, ["orpheus_bridge"]), (2003, ["orpheus_loops"]), (2004, ["orpheus_children"]),
    (2005, ["orpheus_mono"]), (2006, ["musicgen_generate"]), (2007, ["clap_analyze"]),
    (2008, ["yue_generate"]),
    (2012, ["beatthis_analyze"]),
  ]

  /// - Parameter address: `http://HOST`, without a port.
  package static func usualServices(at address: String) -> [Service] {
    usualPorts.map { Service(address: "\(address):\($0.port)", tools: $0.tools) }
  }

  private static func usual(_ name: String, slots: Int, _ tools: Set<String>, memory: String) -> HostSpec {
    var host = HostSpec(
      name: name, kind: .command, slots: slots, labels: tools, services: [Service(address: "", tools: tools)])
    host.facts = ["gpu_memory": memory]
    return host
  }

  /// The service for a tool, by its place; nil when it has none. One that names the tool stands before one for all.
  package func service(for tool: String) -> Int? {
    services.firstIndex { $0.tools.contains(tool) } ?? services.firstIndex { $0.tools.contains("*") }
  }

  /// Why it cannot be taken on; nil when it can.
  package var refusal: JobRefusal? {
    func refused(_ why: String, _ next: String) -> JobRefusal {
      JobRefusal(
        .badHost, "The host '\(String.cut(name, bytes: 40))' was not taken on.", why: why, next: next)
    }
    guard (1...JobsLimits.nameBytes).contains(name.utf8.count) else {
      return refused(
        "Its name has \(name.utf8.count) bytes; 1 to \(JobsLimits.nameBytes) are allowed.",
        "Give a shorter name.")
    }
    let range = JobsLimits.slotsPerHost
    guard range.contains(slots), range.contains(slotsAtMost) else {
      return refused(
        "It has \(slots) slots; \(range) are allowed.", "Give a number of slots within that range.")
    }
    guard services.count <= JobsLimits.servicesPerHost, labels.count <= JobsLimits.labelsPerHost else {
      return refused(
        "It has \(services.count) services and \(labels.count) labels; \(JobsLimits.servicesPerHost) and "
          + "\(JobsLimits.labelsPerHost) are allowed.", "Give fewer.")
    }
    guard startsPerMinute.map({ (1...60_000).contains($0) }) ?? true else {
      return refused(
        "It may begin \(startsPerMinute ?? 0) calls a minute; 1 to 60000 are allowed.", "Give another rate.")
    }
    return nil
  }
}

/// By what a host of a kind is held to be alive while it works: never by the time alone that a job takes.
package enum Liveness: Sendable, Equatable {
  /// It speaks at least every so many milliseconds; after three times that it is gone.
  case heartbeat(every: Int64)
  /// A connection stands while it works; when that breaks it is gone. Silence is looked into with a probe.
  case connection(probeEvery: Int64)
  /// It is a child: the system says when it ends.
  case child
}

extension HostKind {
  package var liveness: Liveness {
    switch self {
    case .http: .connection(probeEvery: 15_000)
    case .hoot01: .connection(probeEvery: 10_000)
    case .hootenanny: .connection(probeEvery: 5_000)
    case .command, .builtin: .child
    }
  }

  /// Whether a call that a dead daemon left there can be asked for, instead of being sent again.
  package var canAdopt: Bool {
    switch self {
    case .hoot01, .hootenanny: true
    case .http, .command, .builtin: false
    }
  }
}
