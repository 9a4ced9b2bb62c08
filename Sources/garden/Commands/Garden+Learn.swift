import HootWire
import Tools

extension Garden {
  /// Asks the daemon to learn and waits with it for the message. Exit status 124 when none came in time.
  func learn(_ tool: Tool) throws(ToolError) -> Int32 {
    let link = try link()
    do { try link.client.subscribe(topics: ["midi"]) } catch { throw ToolError(error) }
    let result = try link.query(.learn, invocation.arguments, timeout: invocation.timeout)
    guard let seconds = result["learning"]?["seconds"]?.double, invocation.waits else {
      if invocation.wantsJSON { printJSON(result) } else { console.say("nothing is waited for") }
      return ExitCode.done.rawValue
    }
    let action = Field.text(result["learning"]?["action"])
    if !invocation.wantsJSON {
      console.say(
        "\(action): press the pedal, key or button, or move the controller (\(Field.decimal(seconds, 0)) s)")
    }
    let binding = try binding(learnt: action, link, within: seconds + 5)
    if invocation.wantsJSON {
      printJSON(["binding": binding])
    } else {
      console.print(
        "\(Field.text(binding["kind"])) \(Field.text(binding["number"])), channel \(Field.text(binding["channel"])): "
          + "\(action) (binding \(Field.text(binding["id"])))")
    }
    return ExitCode.done.rawValue
  }

  private func binding(
    learnt action: String, _ link: DaemonLink, within seconds: Double
  ) throws(ToolError) -> JSONValue {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while let event = link.client.nextEvent(timeout: max(.zero, clock.now.duration(to: deadline))) {
      switch event.content["type"]?.string {
      case "learned"?: return event.content["binding"] ?? nil
      case "learn_refused"?: throw ToolError(reply: event.content)
      case "learn_timed_out"?:
        throw ToolError(
          code: "timed_out", exit: .timedOut, what: "Nothing was learnt for \(action)",
          why: "No message came that could be bound.", next: "garden midi ls, then garden watch midi")
      default: continue
      }
    }
    throw ToolError(
      code: "timed_out", exit: .timedOut, what: "Nothing was learnt for \(action)",
      why: "The daemon said nothing more.", next: "garden status")
  }
}
