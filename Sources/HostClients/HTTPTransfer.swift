import CCurl
import Glibc
import Jobs

/// One request on its way, and its reply as it comes in. The thread of `HTTPWorker` alone.
final class HTTPTransfer {
  /// Why it was ended from here, with the time limit that passed or the bytes there were too many of.
  enum Stop {
    case total, silence, connect
    case tooLarge(limit: Int)
    case headersTooLarge
    /// It says that its body has a length which is none: RFC 9110, 8.6, lets nobody use such a reply.
    case badLength(String)
    case badEvent
    /// An address that may not be connected to, and why.
    case forbidden(String)
    case cancelled
  }

  let easy: OpaqueHandle
  let request: HTTPRequest
  let began: Double
  private(set) var heard: Double
  private(set) var reply = HTTPReply()
  private(set) var stop: Stop?
  /// The empty line behind the headers has come.
  private(set) var hasHead = false
  /// Its caller was told whether the host has taken it on, or it is too late for that to matter.
  var isTakenOn = false
  private var headerBytes = 0
  private var stream: EventStream?
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var gate: UnsafeMutablePointer<ccurl_gate>?
  /// Called with whole events of a stream.
  private let onEvents: ([EventStream.Event]) -> Void
  private let onRemark: () -> Void
  private let clock: () -> Double

  typealias OpaqueHandle = UnsafeMutableRawPointer

  /// Nil when curl has no memory left.
  init?(
    _ request: HTTPRequest, clock: @escaping () -> Double, onEvents: @escaping ([EventStream.Event]) -> Void,
    onRemark: @escaping () -> Void
  ) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.request = request
    self.clock = clock
    self.onEvents = onEvents
    self.onRemark = onRemark
    began = clock()
    heard = began
    configure()
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headers)
    gate?.deallocate()
  }

  private func configure() {
    ccurl_set_text(easy, CURLOPT_URL, request.url)
    ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    // No proxy from the environment, no redirect, no cookie, no password file: the address is the one that was given.
    ccurl_set_text(easy, CURLOPT_PROXY, "")
    ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(easy, CURLOPT_NETRC, 0)
    ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(max(0.001, request.connect) * 1000))
    ccurl_set_text(easy, CURLOPT_USERAGENT, "chaosgarden")
    for line in request.headers { headers = curl_slist_append(headers, line) }
    ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
    if let body = request.body {
      ccurl_set_long(easy, CURLOPT_POST, 1)
      body.withUnsafeBytes { _ = ccurl_set_body(easy, $0.baseAddress, $0.count) }
    }
    if request.rule != nil { setGate() }
    ccurl_set_takers(
      easy, { takeHeader($0, $1, $2, $3) }, { takeBody($0, $1, $2, $3) },
      Unmanaged.passUnretained(self).toOpaque())
  }

  private func setGate() {
    let gate = UnsafeMutablePointer<ccurl_gate>.allocate(capacity: 1)
    gate.initialize(
      to: ccurl_gate(
        admit: { admit($0, $1, $2) }, context: Unmanaged.passUnretained(self).toOpaque()))
    self.gate = gate
    ccurl_set_gate(easy, gate)
  }

  /// Of a host with several addresses those that are refused are passed over.
  fileprivate func admits(_ bytes: [UInt8]) -> Bool {
    guard let rule = request.rule else { return true }
    guard let address = PeerAddress(bytes) else {
      refusedAddress = "it is none of IPv4 or IPv6"
      return false
    }
    guard let why = rule.refusal(address) else { return true }
    refusedAddress = why
    return false
  }

  /// Why an address was not connected to, when one was not.
  private var refusedAddress: String?

  /// When it must be looked at again, and what to say then.
  func deadline(now: Double) -> (at: Double, stop: Stop) {
    var next = (at: began + request.total, stop: Stop.total)
    if let silence = request.silence, heard + silence < next.at { next = (heard + silence, .silence) }
    return next
  }

  func end(_ stop: Stop) { self.stop = self.stop ?? stop }

  fileprivate func take(header: UnsafeRawBufferPointer) -> Bool {
    heard = clock()
    headerBytes += header.count
    guard headerBytes <= HostClientLimits.headerBytes else {
      stop = .headersTooLarge
      return false
    }
    let line = String(decoding: header, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // An interim reply (1xx) comes before the one that counts.
      reply = HTTPReply()
      hasHead = false
      return true
    }
    if line == "\r\n" || line == "\n" { hasHead = true }
    guard let colon = line.firstIndex(of: ":") else { return true }
    let value = Plain.line(String(line[line.index(after: colon)...]))
    switch line[..<colon].lowercased() {
    case "content-type": reply.type = value
    case "retry-after": reply.retryAfter = value
    case "location": reply.location = value
    case "content-length":
      guard !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        stop = .badLength(value)
        return false
      }
      // Digits that are no number are more than any limit.
      if Int(value) ?? .max > limit {
        stop = .tooLarge(limit: limit)
        return false
      }
    default: break
    }
    return true
  }

  private var isError: Bool { !(200...299).contains(ccurl_status(easy)) }
  private var limit: Int { isError ? HostCall.Limits.errorBytes : request.replyBytes }

  fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    heard = clock()
    if reply.status == 0 {
      reply.status = ccurl_status(easy)
      if !isError, reply.mediaType == "text/event-stream" { stream = EventStream() }
    }
    if stream != nil { return take(events: bytes) }
    if reply.body.count + bytes.count > limit {
      // Of an error its beginning is enough.
      if isError {
        reply.body += bytes.prefix(limit - reply.body.count)
        stop = .tooLarge(limit: limit)
        return false
      }
      stop = .tooLarge(limit: limit)
      return false
    }
    reply.body += bytes
    return true
  }

  private var streamed = 0

  private func take(events bytes: UnsafeRawBufferPointer) -> Bool {
    streamed += bytes.count
    let remarks = stream?.remarks ?? 0
    guard streamed <= request.replyBytes else {
      stop = .tooLarge(limit: request.replyBytes)
      return false
    }
    guard let events = stream?.take(bytes) else {
      stop = .badEvent
      return false
    }
    if stream?.remarks ?? 0 > remarks { onRemark() }
    if !events.isEmpty { onEvents(events) }
    return true
  }

  var isStream: Bool { stream != nil }

  /// Called once curl is done with it.
  func close() {
    reply.status = ccurl_status(easy)
    if reply.status == 0, !wasSent, stop == nil, let why = refusedAddress { stop = .forbidden(why) }
  }

  var wasSent: Bool { ccurl_sent(easy) > 0 }
}

private func admit(
  _ bytes: UnsafePointer<UInt8>?, _ count: Int32, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return 0 }
  let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(count)))
  return transfer.admits(bytes) ? 1 : 0
}

private func takeHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  take(bytes, size, count, context) { $0.take(header: $1) }
}

private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  take(bytes, size, count, context) { $0.take(body: $1) }
}

private func take(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
  _ work: (HTTPTransfer, UnsafeRawBufferPointer) -> Bool
) -> Int {
  guard let context, let bytes else { return 0 }
  let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
  let length = size * count
  return work(transfer, UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
}

/// What is asked of a host.
struct HTTPRequest: Sendable {
  var url: String
  var headers: [String] = []
  /// nil: GET.
  var body: [UInt8]?
  var connect: Double
  var silence: Double?
  var total: Double
  var replyBytes: Int
  /// Which addresses may be connected to; nil: all of them, as their owner has named the host.
  var rule: AddressRule?
}
