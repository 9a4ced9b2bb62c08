import Arrangement
import ControlSocket
import FoundationEssentials
import Glibc
import HootWire
import Ledger
import MusicalTime
import Tools

// Every change of the timeline and of what stands around it is written down. It is found by comparing with what was
// written down last, when a request has been worked on: so no way of changing it can be forgotten.
extension Conductor {
  /// Refuses an edit that could not be kept, before it is made.
  func checkJournal() throws(Refusal) {
    if let failure = journal.failure {
      throw Refusal(
        "busy", .tryLater, "the edit was not made", "it could not be kept: \(failure.lines[1])",
        "garden status")
    }
    guard journal.waiting < ControlLimits.journalWaiting else {
      throw Refusal(
        "busy", .tryLater, "too many edits at once",
        "\(journal.waiting) are not on the disk yet, and \(ControlLimits.journalWaiting) may be",
        "try again in a moment")
    }
  }

  /// Writes down what has changed since the last time. It sounds already, and is durable some time later.
  ///
  /// - Returns: whether anything had.
  @discardableResult
  func noteEdits(_ tool: String, by client: @autoclosure () -> String) -> Bool {
    guard journal.isReady else { return false }
    let change = timelineIsTouched ? TimelineChange(from: journal.base, to: timeline) : nil
    timelineIsTouched = false
    let around = surroundings
    guard change != nil || around != journal.around else { return false }
    let mark = journal.mark
    journal.mark = UndoMark()
    let record = JournalRecord(
      serial: journal.next(), client: mark.client ?? client(), tool: tool, change: change,
      around: around == journal.around ? nil : ValueChange(old: journal.around, new: around),
      undoes: mark.undoes, redoes: mark.redoes)
    journal.base = timeline
    journal.around = around
    journal.history.take(record)
    let (session, serial, news) = (journal.session, record.serial, journal.news)
    let isTaken = ledger.write(
      making: { .append(session: session, bytes: Self.bytes(of: record)) },
      { result in _ = news.push(.kept(serial, result)) })
    if !isTaken {
      _ = news.push(
        .kept(
          serial,
          .failure(
            LedgerError(
              .busy, "The edit was not kept.", why: "The ledger has too much to do.", next: "garden status")))
      )
    }
    if journal.entriesSinceWhole >= ControlLimits.journalEntries { keepWhole() }
    return true
  }

  /// A record that cannot be written is one that cannot be read: the ledger refuses it as too large, or a restore as
  /// damaged.
  private static func bytes(of record: JournalRecord) -> [UInt8] {
    do { return try SealedBytes.seal(record) } catch { return Array("\(error)".utf8) }
  }

  // MARK: News

  /// What the ledger has answered.
  func takeJournalNews() {
    for news in journal.news.drain() {
      switch news {
      case .kept(let serial, .success(.entry(let number))): journal.isKept(serial, number: number)
      case .kept(_, .success): break
      // One that is too large for an entry is kept with all the rest.
      case .kept(_, .failure(let error)) where error.kind == .tooLarge: journal.retryAt = ContinuousClock.now
      case .kept(_, .failure(let error)), .whole(_, _, .failure(let error)): isNotKept(error)
      case .whole(let session, let serial, .success): isKeptWhole(session, upTo: serial)
      }
    }
    if let retryAt = journal.retryAt, ContinuousClock.now >= retryAt { keepWhole() }
    releaseReplies()
  }

  private func isNotKept(_ error: LedgerError) {
    journal.isKeepingWhole = false
    journal.retryAt = ContinuousClock.now + .seconds(ControlLimits.journalRetrySeconds)
    guard journal.failure == nil else { return }
    journal.failure = error
    Log.warning("edits are not kept: \(error.lines[1])")
    server.publishEvent(
      topic: "session", content: ["type": "not_kept", "lines": .array(error.lines.map { .string($0) })])
  }

  private func isKeptWhole(_ session: String, upTo serial: UInt64) {
    if session == journal.session { journal.isKeepingWhole = false }
    if journal.failure != nil {
      server.publishEvent(topic: "session", content: ["type": "kept", "serial": JSONValue(serial)])
    }
    journal.isWhole(upTo: serial)
    let depth = UInt64(ControlLimits.undoDepth)
    guard session == journal.session, serial > depth, let number = journal.forget(before: serial - depth)
    else { return }
    // Should it fail, the next time tries again with more.
    _ = ledger.write(.truncate(session: journal.session, through: number), { _ in })
  }

  /// Writes the whole session, after which the edits before it are only there to be taken back.
  func keepWhole() {
    guard !journal.isKeepingWhole else { return }
    journal.retryAt = nil
    journal.entriesSinceWhole = 0
    journal.isKeepingWhole = true
    let (serial, news, ledger) = (journal.serial, journal.news, ledger)
    let session = journal.session
    let make = sessionMaker(as: session)
    let told: @Sendable (Result<LedgerAnswer, LedgerError>) -> Void = {
      _ = news.push(.whole(session, serial, $0))
    }
    let fail: @Sendable (String) -> Void = { why in
      told(.failure(LedgerError(.busy, "The session was not kept.", why: why, next: "garden status")))
    }
    do throws(Refusal) {
      try load(
        on: storekeeper,
        {
          do {
            if !ledger.write(.putSession(try make()), told) { fail("The ledger has too much to do.") }
          } catch { fail("\(error)") }
          return .done(.success(()))
        }, then: { _ in })
    } catch { fail(error.lines[1]) }
  }

  /// What makes the session's row, on any thread, of what it is now.
  func sessionMaker(as name: String) -> @Sendable () throws -> SessionRow {
    let (timeline, serial, around) = (timeline, journal.serial, journal.around)
    let (file, font, settings) = (sessions.file, defaultFont, settings)
    return {
      let document = Self.document(of: timeline, font: font, settings)
      let kept = KeptSession(
        serial: serial, document: document, nextKey: timeline.nextKey, around: around, file: file)
      return SessionRow(
        name: name, at: Int64(Timestamp.now.seconds) * 1000, tracks: timeline.tracks.count,
        regions: timeline.regions.count, seconds: timeline.map.seconds(atTick: Double(timeline.end)),
        bytes: try SealedBytes.seal(kept))
    }
  }

  // MARK: Replies

  /// Sends a reply when an edit is durable, and not before those to the same client's earlier requests.
  func reply(_ incoming: Incoming, _ content: JSONValue, after serial: UInt64) {
    guard serial > journal.durable || journal.held.count(incoming.peer) > 0 else {
      _ = server.reply(to: incoming, content: content)
      return
    }
    journal.held.append(
      HeldReplies.Reply(
        incoming: incoming, content: content, serial: serial,
        deadline: ContinuousClock.now + .seconds(replySeconds)))
    if journal.failure != nil { releaseReplies() }
  }

  /// What is durable is told; what cannot be kept is told, too.
  private func releaseReplies() {
    guard !journal.held.isEmpty else { return }
    let (durable, failure, now) = (journal.durable, journal.failure, ContinuousClock.now)
    for reply in journal.held.release({ $0.serial <= durable || failure != nil || $0.deadline <= now }) {
      guard reply.serial > durable else {
        _ = server.reply(to: reply.incoming, content: reply.content)
        continue
      }
      let refusal = Refusal(
        "not_kept", .cannotWrite, "the edit was made, and is not kept",
        failure?.lines[1] ?? "the disk has not answered for \(replySeconds.hundredths) s",
        "garden status; the session is tried as a whole until it is kept")
      _ = server.reply(to: reply.incoming, content: refusal.peerContent)
    }
  }

  // MARK: The playhead

  /// The playhead's place, at each halt and jump and every two seconds while it rolls.
  func keepPosition() {
    let now = ContinuousClock.now
    guard journal.isReady, now - journal.positionAt >= .milliseconds(100) else { return }
    let isRolling = transport.state == .rolling || transport.state == .countIn
    let last = journal.position
    let hasMoved = last?.rolling != isRolling || last?.session != journal.session
    let jumped = transport.landedFrame != journal.landedFrame
    let isDue = isRolling && now - journal.positionAt >= .seconds(ControlLimits.positionSeconds)
    guard hasMoved || jumped || isDue else { return }
    journal.positionAt = now
    journal.landedFrame = transport.landedFrame
    let place = KeptPosition(session: journal.session, tick: max(0, exactPlayhead), rolling: isRolling)
    guard place != last else { return }
    journal.position = place
    keep(place)
  }

  func keep(_ place: KeptPosition) {
    // A number and a word can always be written; one that is lost costs two seconds.
    guard let json = try? JSONEncoder().encode(place) else { return }
    _ = ledger.write(.note("position", String(decoding: json, as: UTF8.self)), { _ in })
  }

  // MARK: Who it was

  /// Who asks: what the client calls itself, else whoever the daemon belongs to, as `garden` is a new client each time.
  func clientName(_ incoming: Incoming) -> String {
    if case .success(let body) = incoming.request, body.form != .json { return "hootenanny" }
    let bytes = (incoming.peer.identity.first ?? []).prefix(64)
    guard let text = String(validating: bytes, as: UTF8.self), !text.hasPrefix("chaosgarden-"),
      !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
    else { return Self.userName }
    return text.split(separator: "@").first.map(String.init) ?? Self.userName
  }

  static let userName: String =
    getenv("USER").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "user \(getuid())"
}
