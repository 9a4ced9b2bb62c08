import HostClients
import Jobs
import Ledger
import Threading

/// What the courier's thread owns: which URLs are being posted to, and the dice.
struct WebhookRound {
  private let parts: WebhookCourier.Parts
  private let messages: Mailbox<WebhookCourier.Message>
  private var dice: SeededDice
  /// Nothing else goes to them meanwhile, so that a receiver hears of jobs one after the other.
  private var busy: Set<String> = []
  /// Until when nothing goes to a URL, as what came of the last post could not be kept.
  private var resting: [String: JobTime] = [:]

  private let heard: () -> Void

  init(
    _ parts: WebhookCourier.Parts, _ messages: Mailbox<WebhookCourier.Message>, heard: @escaping () -> Void
  ) {
    self.parts = parts
    self.heard = heard
    self.messages = messages
    dice = SeededDice(state: parts.seed)
  }

  mutating func run() {
    while true {
      let wait = beginDue()
      for message in messages.wait(milliseconds: Int32(clamping: wait)) {
        switch message {
        case .look: heard()
        case .ended(let delivery, let began, let end): take(end, of: delivery, began: began)
        case .kept(let url, let isKept):
          busy.remove(url)
          if !isKept { resting[url] = parts.clock().later(WebhookLimits.unkeptPause) }
        case .stop: return messages.close()
        }
      }
      if messages.isClosed { return }
    }
  }

  /// Begins what is due.
  ///
  /// - Returns: milliseconds until there is something to do though nothing comes: a minute at most, as the system's clock
  ///   may be set.
  private mutating func beginDue() -> Int64 {
    let now = parts.clock()
    resting = resting.filter { $0.value > now }
    let except = busy.union(resting.keys)
    let room = WebhookLimits.posts - busy.count
    do throws(LedgerError) {
      let found = try parts.ledger.ask { store throws(LedgerError) in
        Found(
          due: room > 0 ? try store.dueWebhooks(at: now, except: except, limit: room) : [],
          next: try store.nextWebhook(except: except))
      }
      for delivery in found.due { begin(delivery, at: now) }
      guard !found.due.isEmpty || room > 0 else { return Self.longest }
      // Of the URLs that were begun just now nothing else is begun.
      let next = found.due.isEmpty ? found.next : now.later(Self.soon)
      return max(0, min((next ?? .max).later(-now), Self.longest))
    } catch {
      parts.warn("webhooks wait: \(error.lines.prefix(2).joined(separator: " "))")
      return Self.afterTrouble
    }
  }

  private struct Found: Sendable {
    var due: [WebhookDelivery]
    var next: JobTime?
  }

  private static let longest: Int64 = 60_000
  private static let soon: Int64 = 20
  private static let afterTrouble: Int64 = 5_000

  private mutating func begin(_ delivery: WebhookDelivery, at now: JobTime) {
    busy.insert(delivery.url)
    let messages = messages
    @Sendable func end(_ end: Delivery.End) { Self.push(.ended(delivery, began: now, end), to: messages) }
    // Held against the rule once more: the configuration may be another than when it was asked for.
    if let why = parts.rule.refusal(url: delivery.url) {
      return end(.failed("Its address is not allowed: \(why)."))
    }
    let secrets: [[UInt8]]
    do { secrets = try parts.secrets() } catch {
      return end(.failed("There is no secret to sign it with: \(error)"))
    }
    let seconds = now / 1_000
    let signature = WebhookSignature.of(
      id: delivery.id, seconds: seconds, body: delivery.body, secrets: secrets)
    guard !signature.isEmpty else { return end(.failed("There is no secret to sign it with.")) }
    parts.post(
      Delivery(
        url: delivery.url,
        headers: [
          "Content-Type: application/json", "webhook-id: \(delivery.id)", "webhook-timestamp: \(seconds)",
          "webhook-signature: \(signature)",
        ],
        body: delivery.body, rule: parts.rule, connectSeconds: parts.connectSeconds,
        seconds: parts.seconds, replyBytes: WebhookLimits.replyBytes), end)
  }

  private mutating func take(_ end: Delivery.End, of delivery: WebhookDelivery, began: JobTime) {
    let now = parts.clock()
    var attempt = WebhookAttempt(at: began, status: nil, milliseconds: max(0, now.later(-began)), error: nil)
    var retryAfter: String?
    switch end {
    // As if it had not been begun: the next daemon begins it.
    case .givenUp: return
    case .failed(let why): attempt.error = String(why.prefix(WebhookLimits.errorCharacters))
    case .replied(let status, let wait):
      (attempt.status, retryAfter) = (status, wait)
      if !(200...299).contains(status) { attempt.error = Self.word(of: status) }
    }
    let next = parts.schedule.next(
      after: delivery.tries + 1, status: attempt.status, retryAfter: retryAfter, at: now, using: &dice)
    let what = "\(delivery.event) of \(delivery.job) to \(delivery.url)"
    var tried = WebhookTry(delivery: delivery.id, attempt: attempt, next: .delivered)
    switch next {
    case .delivered: break
    case .again(let at): tried.next = .again(at: at)
    case .givenUp:
      tried.next = .givenUp
      parts.warn("webhook given up after \(delivery.tries + 1) tries: \(what): \(attempt.error ?? "")")
    case .gone:
      tried.next = .disabled(reason: "It answered 410 (gone).")
      parts.warn("webhook disabled, it answered 410: \(delivery.url)")
    }
    let (url, messages) = (delivery.url, messages)
    let isTaken = parts.ledger.write(.webhookTried(tried)) { result in
      if case .success = result { return Self.push(.kept(url: url, isKept: true), to: messages) }
      Self.push(.kept(url: url, isKept: false), to: messages)
    }
    if !isTaken { Self.push(.kept(url: url, isKept: false), to: messages) }
  }

  private static func word(of status: Int) -> String {
    switch status {
    case 300...399: "It sends elsewhere; redirects are not followed."
    case 410: "Gone: nothing more goes there."
    case 429: "Too much at once."
    default: "It answered \(status)."
    }
  }

  /// There is a message under way for each post at most, and those fit.
  private static func push(_ message: WebhookCourier.Message, to messages: Mailbox<WebhookCourier.Message>) {
    _ = messages.push(message)
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): chance that a test can name.
private struct SeededDice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
