import ControlPlane
import HostClients
import Settings
import Telemetry
import Tools

/// The way to a collector: none, and no thread for it, unless one is named.
struct TelemetryDoor {
  let exporter: OTLPExporter
  private let worker: HTTPWorker

  /// nil: nobody is told.
  static func open(_ settings: Settings) throws(Refusal) -> TelemetryDoor? {
    guard !settings.otlpURL.isEmpty else { return nil }
    guard let collector = Collector(settings.otlpURL) else {
      throw Refusal(
        "bad_collector", .configuration, "telemetry.otlp_url is no collector's address",
        "Seen \(shownText(settings.otlpURL)), allowed http://HOST:PORT without user, query and fragment.",
        "chaosgarden --otlp http://127.0.0.1:4318")
    }
    do {
      let worker = try HTTPWorker()
      let clock = JobHouse.clock()
      let exporter = try OTLPExporter(
        collector, encoding: OTLP(version: Product.version, started: clock()), clock: clock,
        post: { url, body, answer in
          worker.post(body, to: url, seconds: TelemetryLimits.requestSeconds) { answer(Posted($0)) }
        }, say: { say($0, $1, collector) })
      return TelemetryDoor(exporter: exporter, worker: worker)
    } catch { throw Refusal("no_thread", .tryLater, error.lines[0], error.lines[1], error.lines[2]) }
  }

  /// Once for each time that it goes or comes back.
  private static func say(_ isThere: Bool, _ why: String, _ collector: Collector) {
    if isThere {
      Log.info("the collector \(collector.address) takes telemetry again")
    } else {
      Log.warning(
        "the collector \(collector.address) takes no telemetry: \(why) It is tried again; nothing waits for it."
      )
    }
  }

  /// After everybody who tells it anything has stopped.
  func stop() {
    exporter.stop()
    worker.stop()
  }
}

extension Posted {
  fileprivate init(_ posted: HTTPWorker.Posted) {
    switch posted {
    case .replied(let status): self.init(status: status)
    case .failed(let why): self = .failed(why)
    }
  }
}
