import ControlPlane
import HostClients
import Ledger
import Settings
import Threading
import Tools
import Webhooks

/// Posts jobs' ends: a courier, and a worker of its own for its calls, so that no connection of a host's serves a
/// stranger's URL.
struct WebhookDoor {
  let courier: WebhookCourier
  private let worker: HTTPWorker

  /// Whatever is wrong in the settings is a warning: jobs are done without it.
  init(_ ledger: Ledger, _ settings: Settings) throws(Refusal) {
    for text in settings.webhooksAllowed where AddressRule.Network(text) == nil {
      Log.warning("webhooks.allow: \(shownText(text)) is no address and no network; nothing is allowed by it")
    }
    let rule = AddressRule(settings)
    let urls = settings.webhookURLs.filter { url in
      guard let why = rule.refusal(url: url) else { return true }
      Log.warning("webhooks.urls: nothing is posted to \(shownText(url)): \(why)")
      return false
    }
    _ = ledger.write(.setWebhooks(urls)) { result in
      if case .failure(let error) = result { Log.warning(error.lines.prefix(2).joined(separator: ": ")) }
    }
    let file = settings.webhookSecretFile
    do throws(ThreadingError) {
      let worker = try HTTPWorker()
      var parts = WebhookCourier.Parts(
        ledger: ledger, clock: LedgerDoor.now,
        secrets: { try WebhookSecrets.keep(at: file).map(\.bytes) },
        post: { worker.deliver($0, answer: $1) })
      parts.rule = rule
      parts.seed = UInt64.random(in: 1...UInt64.max)
      parts.warn = { Log.warning($0) }
      self.worker = worker
      courier = try WebhookCourier(parts)
    } catch {
      throw Refusal("webhooks", .configuration, "webhooks were not started", "\(error)", "garden doctor")
    }
  }

  /// Before the ledger closes.
  func stop() {
    courier.close()
    worker.stop()
  }
}
