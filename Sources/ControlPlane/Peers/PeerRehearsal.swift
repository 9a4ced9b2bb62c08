import AudioDrivers
import ControlSocket
import Glibc
import HootWire
import Ledger
import Settings
import Threading

/// hootenanny's requests, put to a conductor of their own whose renderer is turned by hand: a place to try any bytes at all.
/// Nobody reaches its sockets, and what would open a device or write a file is understood and not done.
///
/// Any thread may ask; the conductor lives on one of its own.
package final class PeerRehearsal: Sendable {
  private let questions: Mailbox<RequestBody>
  private let answers: Mailbox<JSONValue?>
  /// One question at a time.
  private let turn = Locked(())

  /// - Throws: when there is no thread, or no conductor can be made.
  package init() throws {
    let (questions, answers) = (try Mailbox<RequestBody>(capacity: 1), try Mailbox<JSONValue?>(capacity: 1))
    (self.questions, self.answers) = (questions, answers)
    let complaint = Locked<Refusal?>(nil)
    _ = try OwnedThread(name: "garden-rehearse", stackBytes: 1 << 21) {
      do {
        let stage = try RehearsalStage()
        _ = answers.push(nil)
        while true {
          for question in questions.wait(milliseconds: -1) { _ = answers.push(stage.answer(question)) }
        }
      } catch {
        complaint.withLock {
          $0 = error as? Refusal ?? Refusal.peer("the rehearsal was not set up: \(error)")
        }
        _ = answers.push(nil)
      }
    }
    _ = answers.wait(milliseconds: -1)
    if let refusal = complaint.withLock({ $0 }) { throw refusal }
  }

  /// What a peer is replied; nil where it is not its request, or where the reply would come later.
  package func answer(_ content: JSONValue, _ form: RequestBody.Form) -> JSONValue? {
    turn.withLock { _ in
      _ = questions.push(RequestBody(content: content, header: nil, form: form))
      return answers.wait(milliseconds: -1).first ?? nil
    }
  }
}

/// The conductor, its thread's own.
private final class RehearsalStage {
  private let conductor: Conductor
  private let driver: ManualDriver
  private static let mostRegions = 64
  private static let frames = 64

  init() throws {
    var template = Array("/tmp/garden-rehearsal-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Refusal.peer("no temporary folder: \(errno)") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { rmdir(folder) }
    let settings = try Settings.load(
      SettingsSources(
        hootenannyFiles: [], files: [], environment: ["HOME": folder],
        flags: [(.socketDir, folder), (.driver, "timer"), (.captureMinutes, "0")], userID: getuid()))
    let server = try ControlServer(directory: SocketDirectory(path: folder))
    let keeper = try ClockKeeper("timer", DriverWishes(settings))
    let ledger = try Ledger(clock: { 0 }, open: { () throws(LedgerError) in MemoryLedger() })
    conductor = try Conductor(
      settings: settings, server: server, keeper: keeper, font: "embedded", ledger: ledger)
    // From now on nobody is told anything, and no device can be had.
    server.close()
    conductor.keeper = nil
    driver = try ManualDriver(sampleRate: keeper.sampleRate)
    try driver.start(conductor.engine.entry)
  }

  func answer(_ body: RequestBody) -> JSONValue? {
    let reply = reply(body)
    if conductor.timeline.regions.count > Self.mostRegions {
      _ = conductor.peerAnswer(RequestBody(content: ["type": "clear_regions"], header: nil), .inside)
    }
    conductor.sendSchedule()
    driver.turn(frames: Self.frames)
    conductor.takeNotices()
    conductor.takeNews()
    return reply
  }

  private func reply(_ body: RequestBody) -> JSONValue? {
    let name = body.content["type"]?.string ?? ""
    let arguments = PeerArguments(content: body.content, form: body.form)
    do throws(Refusal) {
      switch body.form == .json ? PeerRequest.shell(name) : PeerRequest.tool(name) {
      case .streamStart: _ = try conductor.streamWish(try arguments.text("uri"), arguments)
      case .streamSwitchChunk: _ = try conductor.streamPath(arguments, "new_chunk_path", .streamSwitchChunk)
      case .audioListDevices: return nil
      default:
        switch conductor.peerAnswer(body, .inside) {
        case .reply(let content)?, .noRoom(let content)?: return content
        case .later?, nil: return nil
        }
      }
      return nil
    } catch { return error.peerContent }
  }
}
