import Arrangement
import HootWire
import Jobs
import Tools

extension Conductor {
  /// Refuses an edit of what has changed since its client looked at it: `if_match` beside a request's parameters is the
  /// tag of the state that was seen. Looked at and edited in one turn of the control thread, so nobody comes in between.
  func checkMatch(_ content: JSONValue, _ tool: Tool, _ arguments: Arguments) throws(Refusal) {
    guard let given = content["if_match"], given != .null else { return }
    guard let wanted = given.string, wanted.utf8.count <= 64 else {
      throw Refusal(
        "wrong_type", .usage, "if_match is no tag", "Seen \(given.kind), allowed the ETag of what was shown.",
        "leave it out")
    }
    let now = try tag(of: tool.name, arguments)
    guard now == wanted else {
      throw Refusal(
        "has_changed", .refused, "it has changed since it was looked at",
        "it was \(shownText(wanted.filter { $0 != "\"" })), and is \(shownText(now.filter { $0 != "\"" }))",
        "look at it again, then decide anew")
    }
  }

  /// The tag of what a request edits, as it is now.
  private func tag(of name: ToolName, _ arguments: Arguments) throws(Refusal) -> String {
    switch name {
    case .regionSet, .regionRm, .regionMv, .regionSplit, .regionDup, .approve, .reject, .vary:
      guard arguments.texts(.region).count == 1 else { throw unmatched(name) }
      return try shownRegion(arguments).entityTag(without: JSONValue.measuredMembers)
    case .trackSet, .trackRm:
      return trackJSON(try track(arguments.text(.track) ?? "")).entityTag(without: JSONValue.measuredMembers)
    case .busSet, .busRm:
      let bus: Bus
      do { bus = try timeline.bus(arguments.text(.bus) ?? "") } catch { throw Refusal(error) }
      return busJSON(bus).entityTag(without: JSONValue.measuredMembers)
    case .jobSet:
      guard let job = JobID(arguments.text(.job) ?? ""), let record = jobs?.live[job] else {
        throw unmatched(name)
      }
      return "\"\(record.revision)\""
    default: throw unmatched(name)
    }
  }

  private func unmatched(_ name: ToolName) -> Refusal {
    Refusal(
      "unknown_parameter", .usage, "\(name.rawValue) does not take if_match here",
      "It edits one region, track or bus, or one job that is not over and is named in full.",
      "leave it out")
  }
}
