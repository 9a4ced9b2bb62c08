import HootWire
import Jobs
import Threading

/// Speaks to a service in the shape of `POST /predict`. Any thread; its calls run on an `HTTPWorker`'s.
package struct HTTPHostClient: HostClient {
  package let kind = HostKind.http
  /// How messages call the host.
  let name: String
  /// Without a slash at the end.
  let url: String
  private let worker: HTTPWorker
  /// The bytes of an artifact by its hash; called on a thread that may wait for the disk.
  private let content: @Sendable (String) throws(HostFailure) -> [UInt8]
  private let reader: InputReader

  /// - Parameters:
  ///   - url: `http://gpu:2000` or `https://…`, with a path or without; nothing behind `?` or `#`, no user.
  ///   - reader: reads the inputs.
  /// - Throws: where the URL is none of these.
  package init(
    name: String, url: String, worker: HTTPWorker, reader: InputReader,
    content: @escaping @Sendable (String) throws(HostFailure) -> [UInt8]
  ) throws(HostFailure) {
    self.name = Plain.line(name)
    self.url = try Self.checked(url)
    self.worker = worker
    self.reader = reader
    self.content = content
  }

  static func checked(_ url: String) throws(HostFailure) -> String {
    let rest = url.hasPrefix("http://") ? url.dropFirst(7) : url.hasPrefix("https://") ? url.dropFirst(8) : ""
    let place = rest.prefix { $0 != "/" }
    let isPlain =
      url.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !url.contains("?") && !url.contains("#")
      && !url.contains("\\") && !url.contains("\"")
    guard !place.isEmpty, isPlain, !place.contains("@"), url.utf8.count <= 2048 else {
      throw HostFailure(
        .permanent, "\(Plain.shown(url)) is not a host's URL",
        why: "It is http://HOST:PORT or https://HOST:PORT.",
        next: "garden host set NAME --url http://gpu:2000")
    }
    return url.hasSuffix("/") ? String(url.dropLast()) : url
  }

  package func start(
    _ call: HostCall, report: @escaping @Sendable (HostReport) -> Void
  ) -> any HostCallHandle {
    let running = HTTPCall(call, host: name, worker: worker, report: report)
    if case .adopt = call.opening {
      running.finish(
        .failed(
          HostFailure(
            .permanent, "\(name) cannot be asked for \(call.tool)",
            why: "A service of this kind does not tell what it works on.",
            next: "it is sent once more under the same client_job_id", mayStillRun: true)))
      return running
    }
    let (url, content) = (url, content)
    let isTaken = reader.submit {
      do throws(HostFailure) {
        var inputs: [[UInt8]] = []
        for input in call.inputs { inputs.append(try content(input.hash)) }
        let body = try ServiceShape.of(call.tool).body(call, inputs: inputs)
        guard body.count <= HostClientLimits.requestBytes else {
          throw HostFailure(
            .permanent, "The request for \(call.tool) is too large",
            why: "Seen \(body.count) bytes, allowed \(HostClientLimits.requestBytes).",
            next: "garden job show \(call.job)")
        }
        running.begin(Self.request(url + "/predict", call, body))
      } catch { running.finish(.failed(error)) }
    }
    if !isTaken {
      running.finish(
        .failed(
          HostFailure(
            .retryable, "\(name) was not asked for \(call.tool)",
            why: "Too many calls wait for their inputs.",
            next: HostFailure.triedAgain)))
    }
    return running
  }

  static func request(_ url: String, _ call: HostCall, _ body: [UInt8]) -> HTTPRequest {
    var headers = [
      "Content-Type: application/json", "Accept: application/json, text/event-stream, audio/*", "Expect:",
      "Idempotency-Key: \(call.job.text)",
    ]
    if let parent = call.traceparent, parent.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      parent.utf8.count <= 256
    {
      headers.append("traceparent: \(parent)")
    }
    return HTTPRequest(
      url: url, headers: headers, body: body, connect: call.limits.connect, silence: call.limits.silence,
      total: call.limits.total, replyBytes: call.limits.replyBytes)
  }

  package func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) {
    let request = HTTPRequest(
      url: url + "/health", headers: ["Accept: application/json"], body: nil, connect: HostCall.Limits.probe,
      silence: nil, total: HostCall.Limits.probe, replyBytes: HostClientLimits.healthBytes)
    let ends = HTTPWorker.Ends(
      events: { _ in }, remark: {}, end: { end in answer(HealthReport.health(end)) })
    if worker.desk.start(HTTPWorker.Order(request: request, ends: ends)) == nil {
      answer(HostHealth(isUp: false, note: "Too many calls wait."))
    }
  }

  package func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    answer(.unsupported)
  }
}
