import Jobs

/// The end of a job on its way to a URL: written in the commit of that end, so that neither is there without the other.
package struct WebhookDelivery: Sendable, Equatable {
  package enum State: Int, Sendable {
    case pending = 0
    case delivered = 1
    /// Given up, or held as its URL is.
    case failed = 2

    package var word: String {
      switch self {
      case .pending: "pending"
      case .delivered: "delivered"
      case .failed: "failed"
      }
    }
  }

  /// The same for every try, also after a crash: a receiver knows by it what it has had.
  package var id: String
  package var job: JobID
  package var url: String
  /// `job.succeeded`.
  package var event: String
  /// JSON.
  package var body: [UInt8]
  package var state: State
  package var tries: Int
  /// When it is tried next; when it was last due, of one that has ended.
  package var nextAt: JobTime
  package var createdAt: JobTime
  package var endedAt: JobTime?

  init(_ record: JobRecord, to url: String, isHeld: Bool, at now: JobTime) {
    id = Self.id(of: record.id, to: url)
    (job, self.url, event) = (record.id, url, "job." + record.state.name)
    body = WebhookBody.of(record, event: event, at: now)
    (state, tries, nextAt, createdAt) = (isHeld ? .failed : .pending, 0, now, now)
    endedAt = isHeld ? now : nil
  }

  init(
    id: String, job: JobID, url: String, event: String, body: [UInt8], state: State, tries: Int,
    nextAt: JobTime, createdAt: JobTime, endedAt: JobTime?
  ) {
    (self.id, self.job, self.url, self.event, self.body) = (id, job, url, event, body)
    (self.state, self.tries, self.nextAt) = (state, tries, nextAt)
    (self.createdAt, self.endedAt) = (createdAt, endedAt)
  }

  /// A job ends once, so its id and the URL's FNV-1a tell all deliveries apart.
  static func id(of job: JobID, to url: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in url.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return "msg_" + job.text.filter { $0 != "-" } + "_" + String(repeating: "0", count: 16 - digits.count)
      + digits
  }
}

/// One try of a delivery.
package struct WebhookAttempt: Sendable, Equatable {
  package var at: JobTime
  /// Of the reply; nil when there was none.
  package var status: Int?
  package var milliseconds: Int64
  package var error: String?

  package init(at: JobTime, status: Int?, milliseconds: Int64, error: String?) {
    (self.at, self.status, self.milliseconds, self.error) = (at, status, milliseconds, error)
  }
}

/// A try with what follows from it.
package struct WebhookTry: Sendable, Equatable {
  package enum Next: Sendable, Equatable {
    case delivered
    case again(at: JobTime)
    case givenUp
    /// Nobody wants anything at its URL any more: nothing goes there until somebody says so.
    case disabled(reason: String)
  }

  package var delivery: String
  package var attempt: WebhookAttempt
  package var next: Next

  package init(delivery: String, attempt: WebhookAttempt, next: Next) {
    (self.delivery, self.attempt, self.next) = (delivery, attempt, next)
  }
}

package struct WebhookHistory: Sendable, Equatable {
  package var delivery: WebhookDelivery
  package var attempts: [WebhookAttempt]
}

/// A URL that is posted to.
package struct WebhookEndpoint: Sendable, Equatable {
  package var url: String
  /// It hears of every job.
  package var isConfigured: Bool
  package var disabledAt: JobTime?
  package var reason: String?
  package var pending = 0
  package var delivered = 0
  package var failed = 0
  /// Of the next try, where one is to come.
  package var nextAt: JobTime?

  init(_ url: String, isConfigured: Bool = false, disabledAt: JobTime? = nil, reason: String? = nil) {
    (self.url, self.isConfigured, self.disabledAt, self.reason) = (url, isConfigured, disabledAt, reason)
  }
}
