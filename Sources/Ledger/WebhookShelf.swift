import Jobs

/// Deliveries and URLs of a ledger in memory.
struct WebhookShelf {
  private(set) var deliveries: [String: WebhookDelivery] = [:]
  private var attempts: [String: [WebhookAttempt]] = [:]
  private var endpoints: [String: WebhookEndpoint] = [:]

  mutating func announce(_ record: JobRecord, at now: JobTime) {
    let all = endpoints.values.filter(\.isConfigured).map(\.url)
    for url in Set(all + [record.spec.webhookURL].compactMap { $0 }) {
      let delivery = WebhookDelivery(record, to: url, isHeld: endpoints[url]?.disabledAt != nil, at: now)
      if deliveries[delivery.id] == nil { deliveries[delivery.id] = delivery }
    }
  }

  mutating func keep(_ write: LedgerWrite, at now: JobTime) -> LedgerAnswer {
    switch write {
    case .setWebhooks(let urls):
      for url in endpoints.keys { endpoints[url]?.isConfigured = false }
      for url in urls { endpoints[url, default: WebhookEndpoint(url)].isConfigured = true }
      endpoints = endpoints.filter { $0.value.isConfigured || $0.value.disabledAt != nil }
    case .webhookTried(let tried): return take(tried, at: now)
    case .webhookReplay(let id):
      guard var delivery = deliveries[id] else { return .stale }
      (delivery.state, delivery.tries, delivery.nextAt, delivery.endedAt) = (.pending, 0, now, nil)
      deliveries[id] = delivery
    case .webhookEnable(let url):
      guard var endpoint = endpoints[url], endpoint.disabledAt != nil else { return .stale }
      (endpoint.disabledAt, endpoint.reason) = (nil, nil)
      endpoints[url] = endpoint.isConfigured ? endpoint : nil
    default: break
    }
    return .done
  }

  private mutating func take(_ tried: WebhookTry, at now: JobTime) -> LedgerAnswer {
    guard var delivery = deliveries[tried.delivery], delivery.state == .pending else { return .stale }
    attempts[delivery.id, default: []].append(tried.attempt)
    delivery.tries += 1
    switch tried.next {
    case .delivered: (delivery.state, delivery.endedAt) = (.delivered, now)
    case .again(let at): delivery.nextAt = at
    case .givenUp: (delivery.state, delivery.endedAt) = (.failed, now)
    case .disabled(let reason):
      (delivery.state, delivery.endedAt) = (.failed, now)
      endpoints[delivery.url, default: WebhookEndpoint(delivery.url)].disabledAt = now
      endpoints[delivery.url]?.reason = reason
      for var other in deliveries.values where other.url == delivery.url && other.state == .pending {
        (other.state, other.endedAt) = (.failed, now)
        deliveries[other.id] = other
      }
    }
    deliveries[delivery.id] = delivery
    return .done
  }

  private func waiting(except busy: Set<String>) -> [WebhookDelivery] {
    deliveries.values.filter { $0.state == .pending && !busy.contains($0.url) }
      .sorted { ($0.nextAt, $0.id) < ($1.nextAt, $1.id) }
  }

  func due(at now: JobTime, except busy: Set<String>, limit: Int) -> [WebhookDelivery] {
    var seen: Set<String> = []
    return Array(
      waiting(except: busy).filter { $0.nextAt <= now && seen.insert($0.url).inserted }.prefix(max(0, limit)))
  }

  func next(except busy: Set<String>) -> JobTime? { waiting(except: busy).first?.nextAt }

  func history(of job: JobID) -> [WebhookHistory] {
    deliveries.values.filter { $0.job == job }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
      .map { WebhookHistory(delivery: $0, attempts: attempts[$0.id] ?? []) }
  }

  var endpointList: [WebhookEndpoint] {
    var list = endpoints
    for delivery in deliveries.values {
      var endpoint = list[delivery.url] ?? WebhookEndpoint(delivery.url)
      switch delivery.state {
      case .pending:
        endpoint.pending += 1
        endpoint.nextAt = min(endpoint.nextAt ?? .max, delivery.nextAt)
      case .delivered: endpoint.delivered += 1
      case .failed: endpoint.failed += 1
      }
      list[delivery.url] = endpoint
    }
    return Array(list.values.sorted { $0.url < $1.url }.prefix(LedgerLimits.page))
  }

  mutating func prune(before time: JobTime) {
    for (id, delivery) in deliveries where delivery.endedAt ?? .max < time {
      (deliveries[id], attempts[id]) = (nil, nil)
    }
  }
}
