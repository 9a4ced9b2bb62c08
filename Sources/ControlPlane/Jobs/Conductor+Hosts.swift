import ControlSocket
import HootWire
import JobDispatch
import Jobs
import Tools

extension Conductor {
  func listHosts(_ incoming: Incoming) throws(Refusal) -> Answer {
    let clock = jobs?.clock
    try ask(
      [HostView].self,
      { side, answer in side.dispatcher.order(.look { scheduler, _ in answer(scheduler.allHosts) }) },
      then: { [self] hosts in
        let now = clock?() ?? 0
        guard peers.isWanted(incoming) else { return }
        finish(incoming, .ok(["hosts": .array(hosts.map { $0.json(at: now) })]))
      })
    return .later
  }

  /// A new host, or one more service of one that is there.
  func addHost(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try withHost(arguments, incoming) { [self] known throws(Refusal) in
      let kind = HostKind(rawValue: arguments.text(.kind) ?? "") ?? .http
      var spec =
        known?.spec
        ?? HostSpec(
          name: arguments.text(.host) ?? "", kind: kind, slots: arguments.integer(.slots) ?? 1, services: [])
      guard spec.kind == kind else {
        throw Refusal(
          "bad_host", .refused, "\(spec.name) is a host of the kind \(spec.kind.rawValue)",
          "One host is spoken to in one way.", "garden host add ANOTHER --kind \(kind.rawValue)")
      }
      if arguments.has(.preset) {
        try takePreset(&spec, arguments)
        return try set(spec, incoming)
      }
      guard arguments.has(.url) || kind == .builtin, arguments.has(.tools) || kind == .builtin else {
        throw Refusal(
          "missing_parameter", .usage, "a host needs --url and --tools",
          "Where it is, and what it can do there: --tools orpheus_generate,orpheus_loops, or --tools '*'.",
          "garden help host add")
      }
      try shape(&spec, arguments)
      try set(spec, incoming)
    }
    return .later
  }

  func setHost(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try withHost(arguments, incoming) { [self] known throws(Refusal) in
      guard var spec = known?.spec else { throw Self.noHost(arguments.text(.host) ?? "") }
      try shape(&spec, arguments)
      try set(spec, incoming)
    }
    return .later
  }

  /// Every service that a machine usually has, at its usual port.
  private func takePreset(_ spec: inout HostSpec, _ arguments: Arguments) throws(Refusal) {
    let url = arguments.text(.url) ?? ""
    let place =
      url.hasPrefix("http://") ? url.dropFirst(7) : url.hasPrefix("https://") ? url.dropFirst(8) : ""
    // An address of IPv6 has its colons within brackets.
    let isBare =
      !place.isEmpty && !place.contains("/") && !(place.split(separator: "]").last ?? "").contains(":")
    guard spec.kind == .http, isBare, !arguments.has(.tools) else {
      throw Refusal(
        "bad_preset", .usage, "the usual services cannot be taken on",
        "They are at http://HOST, without a port, of the kind http, and what they do is known: seen "
          + "\(shownText(url)), kind \(spec.kind.rawValue)\(arguments.has(.tools) ? ", --tools" : "").",
        "garden host add \(spec.name) --kind http --url http://gpu --preset usual")
    }
    try shapeHost(&spec, arguments)
    for service in HostSpec.usualServices(at: url) where !spec.services.contains(service) {
      spec.services.append(service)
    }
  }

  private func shape(_ spec: inout HostSpec, _ arguments: Arguments) throws(Refusal) {
    try shapeHost(&spec, arguments)
    try shapeServices(&spec, arguments)
  }

  private func shapeHost(_ spec: inout HostSpec, _ arguments: Arguments) throws(Refusal) {
    if let slots = arguments.integer(.slots) {
      spec.slots = slots
      spec.slotsAtMost = max(spec.slotsAtMost, slots)
    }
    if let most = arguments.integer(.slotsMax) {
      spec.slotsAtMost = most
      spec.followsLoad = true
    }
    if let follows = arguments.bool(.follow) { spec.followsLoad = follows }
    if let rate = arguments.integer(.perMinute) { spec.startsPerMinute = rate }
    if arguments.has(.label) { spec.labels = Set(arguments.texts(.label)) }
    for fact in arguments.texts(.fact) {
      guard let sign = fact.firstIndex(of: "="), sign > fact.startIndex else {
        throw Refusal(
          "bad_fact", .usage, "\(shownText(fact)) is no fact", "A fact is NAME=VALUE.", "garden help host add"
        )
      }
      spec.facts[String(fact[..<sign])] = String(fact[fact.index(after: sign)...])
    }
  }

  private func shapeServices(_ spec: inout HostSpec, _ arguments: Arguments) throws(Refusal) {
    let tools = Set(
      (arguments.text(.tools) ?? "").split(separator: ",").map {
        String($0).filter { $0 != " " }
      })
    let url = arguments.text(.url) ?? (spec.services.count == 1 ? spec.services[0].address : nil)
    guard arguments.has(.url) || arguments.has(.tools) else {
      if spec.kind == .builtin, spec.services.isEmpty {
        spec.services = [HostSpec.Service(address: "", tools: ["*"])]
      }
      return
    }
    guard let url else {
      throw Refusal(
        "missing_parameter", .usage, "it is not clear which service of \(spec.name) is meant",
        "It has \(spec.services.count): \(spec.services.map(\.address).joined(separator: ", ")).",
        "garden host set \(spec.name) --url URL --tools a,b")
    }
    let index = spec.services.firstIndex { $0.address == url }
    if arguments.isSet(.off) {
      guard let index else {
        throw Refusal(
          "unknown_service", .refused, "\(spec.name) has no service at \(shownText(url))",
          "It has: \(spec.services.map(\.address).joined(separator: ", ")).", "garden host ls")
      }
      spec.services.remove(at: index)
      return
    }
    guard !tools.isEmpty, tools.count <= ToolLimits.hostTools else {
      throw Refusal(
        "missing_parameter", .usage, "a service needs --tools",
        "Seen \(tools.count), allowed 1 to \(ToolLimits.hostTools), or '*' for all.", "garden help host add")
    }
    let service = HostSpec.Service(address: url, tools: tools)
    if let index { spec.services[index] = service } else { spec.services.append(service) }
  }

  private func set(_ spec: HostSpec, _ incoming: Incoming) throws(Refusal) {
    if let refusal = spec.refusal { throw Refusal(refusal) }
    try order(
      { .setHost(spec, answer: $0) },
      then: { [self] refusal in
        resume(incoming) { () throws(Refusal) in
          if let refusal { throw refusal }
          try showHost(spec.name, incoming)
        }
      })
  }

  func drainHost(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = arguments.text(.host) ?? ""
    let isDraining = !arguments.isSet(.off)
    try order(
      { .drain(host: name, isDraining, answer: $0) },
      then: { [self] refusal in
        resume(incoming) { () throws(Refusal) in
          if let refusal { throw refusal }
          try showHost(name, incoming)
        }
      })
    return .later
  }

  func removeHost(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = arguments.text(.host) ?? ""
    try order(
      { .removeHost(name, answer: $0) },
      then: { [self] refusal in
        resume(incoming) { () throws(Refusal) in
          if let refusal { throw refusal }
          finish(incoming, .ok(["removed": .string(name)]))
        }
      })
    return .later
  }

  /// The answer of the host itself comes as news; it is waited for as long as a probe may take.
  func probeHost(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let name = arguments.text(.host) ?? ""
    try order(
      { .probe(host: name, answer: $0) },
      then: { [self] refusal in
        resume(incoming) { () throws(Refusal) in
          if let refusal { throw refusal }
          jobs?.probes.append(
            JobSide.Probe(host: name, until: .now + .seconds(HostCall.Limits.probe + 1), incoming: incoming))
        }
      })
    return .later
  }

  /// A host has told how it does, or is not waited for any more.
  func tendProbes(_ told: String? = nil) {
    guard let probes = jobs?.probes, !probes.isEmpty else { return }
    let now = ContinuousClock.now
    func isDue(_ probe: JobSide.Probe) -> Bool { probe.host == told || probe.until <= now }
    jobs?.probes.removeAll(where: isDue)
    for probe in probes where isDue(probe) {
      resume(probe.incoming) { () throws(Refusal) in try showHost(probe.host, probe.incoming) }
    }
  }

  private func showHost(_ name: String, _ incoming: Incoming) throws(Refusal) {
    let clock = jobs?.clock
    try ask(
      HostView?.self,
      { side, answer in side.dispatcher.order(.look { scheduler, _ in answer(scheduler.host(name)) }) },
      then: { [self] host in
        guard peers.isWanted(incoming) else { return }
        finish(incoming, .ok(["host": host?.json(at: clock?() ?? 0) ?? nil]))
      })
  }

  private func withHost(
    _ arguments: Arguments, _ incoming: Incoming, then: @escaping (HostView?) throws(Refusal) -> Void
  ) throws(Refusal) {
    let name = arguments.text(.host) ?? ""
    try ask(
      HostView?.self,
      { side, answer in side.dispatcher.order(.look { scheduler, _ in answer(scheduler.host(name)) }) },
      then: { [self] host in resume(incoming) { () throws(Refusal) in try then(host) } })
  }

  private static func noHost(_ name: String) -> Refusal {
    Refusal(
      "unknown_host", .refused, "There is no host \(shownText(name))", "None was added under that name.",
      "garden host ls")
  }
}
