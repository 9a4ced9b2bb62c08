import HootWire
import Jobs
import Tools

/// What a request comes to, as its reply says: the kind of answer tells whether there is a job behind it.
package enum ToolAnswer: Equatable, Sendable {
  /// It is done, and this came of it; also of a job that ended within the time it was waited for.
  case value(JSONValue)
  /// It was understood; what becomes of it is told by events.
  case acknowledged(JSONValue)
  /// A job goes on.
  case job(JobHandle)
  /// A job goes on, and parts of its result are told under a topic.
  case stream(JobHandle, topic: String)

  /// What came of a request, by the declaration of its tool.
  package init(_ tool: Tool, _ result: JSONValue) {
    let mayBeJob = tool.job != nil || [.generate, .vary, .jobRetry].contains(tool.name)
    if mayBeJob, let handle = JobHandle(result, tool.timing.timingClass) {
      if handle.isDone {
        self = .value(result)
      } else {
        self = handle.parts > 0 ? .stream(handle, topic: "job") : .job(handle)
      }
    } else {
      self = tool.timing.timingClass.answer == .acknowledgement ? .acknowledged(result) : .value(result)
    }
  }

  package var kind: String {
    switch self {
    case .value: "value"
    case .acknowledged: "acknowledgement"
    case .job: "job"
    case .stream: "stream"
    }
  }

  /// What came of the request, unchanged.
  package var result: JSONValue {
    switch self {
    case .value(let result), .acknowledged(let result): result
    case .job(let handle), .stream(let handle, _): handle.result
    }
  }

  /// The content of a reply.
  package var content: JSONValue {
    var members: [(String, JSONValue)] = [("type", "ok"), ("answer", .string(kind))]
    switch self {
    case .value, .acknowledged: break
    case .job(let handle): members += handle.members
    case .stream(let handle, let topic): members += handle.members + [("topic", .string(topic))]
    }
    return .object(JSONObject(members + [("result", result)]))
  }

  /// From the content of a reply; nil of what is none.
  package init?(content: JSONValue) {
    guard content["type"] == "ok", let result = content["result"] else { return nil }
    let timing = content["timing_class"]?.string.flatMap(TimingClass.init(rawValue:))
    switch content["answer"]?.string {
    case "value": self = .value(result)
    case "acknowledgement": self = .acknowledged(result)
    case "job":
      guard let timing, let handle = JobHandle(result, timing) else { return nil }
      self = .job(handle)
    case "stream":
      guard let timing, let handle = JobHandle(result, timing), let topic = content["topic"]?.string else {
        return nil
      }
      self = .stream(handle, topic: topic)
    default: return nil
    }
  }
}

/// By what a job that goes on is asked for.
package struct JobHandle: Equatable, Sendable {
  package let job: String
  package let timingClass: TimingClass
  /// All that the reply says.
  package let result: JSONValue

  /// Nil where a reply speaks of no job.
  package init?(_ result: JSONValue, _ timingClass: TimingClass) {
    guard let job = result["job_id"]?.string, result["dry_run"]?.bool != true else { return nil }
    (self.job, self.timingClass, self.result) = (job, timingClass, result)
  }

  /// The same in words.
  package var text: String { "The job \(job) goes on: job_poll waits for it, job_status shows it." }

  /// Whether it goes on no more, however it ended.
  var isDone: Bool { result["job"]?["is_final"] == true }
  var parts: Int64 { result["job"]?["chunks"]?.int ?? 0 }

  fileprivate var members: [(String, JSONValue)] {
    [
      ("job_id", .string(job)), ("timing_class", .string(timingClass.rawValue)), ("text", .string(text)),
    ]
  }
}
