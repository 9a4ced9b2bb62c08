import Arrangement
import Commands
import ControlSocket
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  /// What a request comes to.
  enum Answer {
    case reply(JSONValue)
    /// The loader has it; `finish` will reply.
    case later
    /// The renderer has no room for it; what is replied when that stays so.
    case noRoom(JSONValue)
  }

  func accept(_ incoming: Incoming) {
    let deadline = ContinuousClock.now + .seconds(replySeconds)
    guard peers.append(incoming, deadline: deadline, held: journal.held.count(incoming.peer)) else {
      // Out of turn, but only once the client has broken every rule: silence would cost it more.
      let busy = Refusal(
        "busy", .tryLater, "too many requests", "\(ControlLimits.requestsPerPeer) of them wait already",
        "wait for the replies")
      _ = server.reply(to: incoming, content: busy.content)
      return
    }
  }

  /// Works on every request that can be worked on. What the renderer has no room for is tried again in the next turn,
  /// in its client's order, and refused only after a while.
  func serve() {
    peers.resume()
    let isRestoring = journal.restoring != nil
    while let incoming = peers.next(where: { !isRestoring || Self.isAnsweredAtOnce($0) }) {
      let before = journal.serial
      switch answer(incoming) {
      case .reply(let content): finish(incoming, content, since: before)
      case .later: break
      case .noRoom(let content):
        guard incoming.arrival + .seconds(ControlLimits.roomSeconds) > .now else {
          finish(incoming, content)
          continue
        }
        peers.postpone(incoming)
      }
    }
  }

  /// Replies; or tells by an event, where the request was answered already because it took too long.
  ///
  /// The next request of its client is worked on from here on; the reply waits until an edit that it tells of is
  /// durable, and replies to later requests of the same client wait behind it.
  ///
  /// - Parameter since: the last edit before the request, where it was worked on as a whole just now; else any edit may
  ///   be its own.
  func finish(_ incoming: Incoming, _ content: JSONValue, since: UInt64 = 0) {
    let tool: String =
      if case .success(let body) = incoming.request { body.content["type"]?.string ?? "" } else { "" }
    let content = Self.answer(content, to: tool)
    noteEdits(tool, by: clientName(incoming))
    guard peers.isCurrent(incoming) else {
      if peers.settleLate(incoming) { publishOutcome(incoming, content) }
      return
    }
    peers.finish(incoming)
    reply(incoming, content, after: journal.serial > since ? journal.serial : 0)
  }

  /// With the kind of answer it is. An acknowledgement without a result is hootenanny's, and as its protocol has it.
  private static func answer(_ content: JSONValue, to name: String) -> JSONValue {
    guard content["type"] == "ok", content["answer"] == nil, let result = content["result"], result != .null,
      let tool = Catalogue.tool(named: name)
    else { return content }
    return ToolAnswer(tool, result).content
  }

  func refuseOverdue() {
    for incoming in peers.overdue(at: .now) where !handOver(incoming) { refuseLate(incoming) }
    guard journal.restoring != nil else { return }
    for incoming in peers.waitingOverdue(at: .now) {
      reply(incoming, Self.isRestoring(journal.restoring).peerContent, after: 0)
    }
  }

  func refuseLate(_ incoming: Incoming) {
    let late = Refusal(
      "timed_out", .timedOut, "the request takes too long",
      "nothing came of it within \(replySeconds.hundredths) s; it goes on, and the event outcome tells "
        + "what comes of it", "garden status")
    finish(incoming, late.peerContent, since: .max)
    peers.goOn(incoming)
  }

  private func publishOutcome(_ incoming: Incoming, _ content: JSONValue) {
    server.publishEvent(
      topic: "request",
      content: [
        "type": "outcome", "request_id": .string(incoming.frame.requestID.wireText), "reply": content,
      ])
  }

  private func answer(_ incoming: Incoming) -> Answer {
    switch incoming.request {
    case .failure(let error): return .reply(error.replyContent)
    case .success(let body):
      if let answer = peerAnswer(body, incoming) { return answer }
      do {
        return try handle(body.content, incoming)
      } catch {
        return error.passes ? .noRoom(error.content) : .reply(error.content)
      }
    }
  }

  func handle(_ content: JSONValue, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard let type = content["type"]?.string else {
      throw Refusal(
        "no_type", .usage, "the request has no type", "its content needs a \"type\"", "garden help")
    }
    if let control = try controlAnswer(type, content) { return .reply(control) }
    guard let tool = Catalogue.tool(named: type) else {
      let unknown = Catalogue.unknownTool(type)
      throw Refusal(unknown)
    }
    let arguments: Arguments
    do {
      arguments = try tool.validate(ToolValue.fields(ofRequest: content))
    } catch { throw Refusal(error) }
    try checkStageLock(tool, arguments)
    try checkMatch(content, tool, arguments)
    return try route(tool.name, arguments, incoming)
  }

  /// What hootenanny sends on the control socket, in its own words.
  private func controlAnswer(_ type: String, _ content: JSONValue) throws(Refusal) -> JSONValue? {
    switch type {
    case "emergency_pause":
      engine.emergencyPause()
      return ["type": "ok"]
    case "shutdown":
      let tool = Catalogue.tool(.shutdown)
      do { try checkStageLock(tool, try tool.validate(ToolValue.fields(ofRequest: content))) } catch {
        throw (error as? Refusal) ?? (error as? ToolError).map { Refusal($0) } ?? Self.stageIsLocked(tool)
      }
      isStopping = true
      return ["type": "shutting_down"]
    case "interrupt": return ["type": "interrupted", "was_running": "nothing"]
    case "debug_dump": return ["type": "debug_dump", "state": status()]
    default: return nil
    }
  }

  /// One line a tool; the compiler sees to it that none is forgotten.
  private func route(_ name: ToolName, _ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer
  {
    switch name {
    case .status: return .reply(.ok(status()))
    case .limits: return .reply(.ok(LimitsTable.json(with: otherLimits, settings)))
    case .metrics: return try metrics(incoming)
    case .doctor: return .reply(.ok(doctor()))
    case .meter: return .reply(.ok(meters()))
    case .meterReset: return try resetMeter()
    case .play: return try play(arguments)
    case .pause: return try pause(arguments)
    case .stop: return try stopRolling(arguments)
    case .seek: return try seek(arguments)
    case .tempo: return try tempo(arguments)
    case .loop: return try loop(arguments)
    case .panic: return try panic()
    case .markerAdd: return try addMarker(arguments)
    case .markerLs: return .reply(.ok(markers()))
    case .markerMv: return try moveMarker(arguments)
    case .markerRename: return try renameMarker(arguments)
    case .markerRm: return try removeMarker(arguments)
    case .next: return try nextCue(arguments)
    case .previous: return try go(to: .previousMarker, "previous", arguments)
    case .cue: return try cue(arguments)
    case .metronome: return try setMetronome(arguments)
    case .tap: return try tap(arguments, at: incoming.arrival)
    case .regionAdd: return try addRegion(arguments, incoming)
    case .regionLs: return try listRegions(arguments)
    case .regionShow: return try showRegion(arguments)
    case .regionMv: return try moveRegion(arguments, incoming)
    case .regionSet: return try setRegions(arguments)
    case .regionRm: return try removeRegions(arguments)
    case .regionClear: return try clearRegions(arguments)
    case .regionDup: return try duplicateRegion(arguments)
    case .regionSplit: return try splitRegion(arguments)
    case .automationSet: return try setAutomation(arguments)
    case .automationLs: return try listAutomation(arguments)
    case .automationClear: return try clearAutomation(arguments)
    case .trackAdd: return try addTrack(arguments, incoming)
    case .trackLs: return .reply(.ok(tracks()))
    case .trackSet: return try setTrack(arguments, incoming)
    case .trackRm: return try removeTrack(arguments)
    case .busAdd: return try addBus(arguments)
    case .busLs: return .reply(.ok(buses()))
    case .busSet: return try setBus(arguments)
    case .busRm: return try removeBus(arguments)
    case .sendSet: return try setSend(arguments)
    case .sendLs: return .reply(.ok(sends()))
    case .sendRm: return try removeSend(arguments)
    case .auditionOn: return try auditionOn(arguments)
    case .auditionOff: return try auditionOff(arguments)
    case .auditionPlay: return try auditionPlay(arguments, incoming)
    case .auditionStop: return try auditionStop()
    case .clipLs: return .reply(.ok(clips()))
    case .clipShow: return try showClip(arguments)
    case .clipDraw: return try drawClip(arguments, incoming)
    case .soundfontLs: return try listFonts(incoming)
    case .soundfontUse: return try useFont(arguments, incoming)
    case .soundfontInspect: return try inspectFont(arguments, incoming)
    case .deviceLs: return try listDevices(incoming)
    case .deviceUse: return try useDevice(arguments, incoming)
    case .sessionExport: return try exportSession()
    case .sessionSave: return try saveSession(arguments, incoming)
    case .sessionLoad: return try loadSession(arguments, incoming)
    case .sessionNext: return try prepareSession(arguments, incoming)
    case .sessionEnter: return try enterSession(arguments)
    case .sessionLs: return try listSessions(incoming)
    case .sessionRm: return try removeSession(arguments, incoming)
    case .sessionNew: return try newSession(arguments, incoming)
    case .undo: return try undo(arguments, incoming)
    case .redo: return try redo(arguments, incoming)
    case .sessionDrop: return try dropSession()
    case .midiLs: return try listMIDI(incoming)
    case .midiUse: return try useMIDI(arguments)
    case .midiBindings: return .reply(listBindings())
    case .midiUnbind: return try unbind(arguments, incoming)
    case .inputLs: return try listInputs(incoming)
    case .inputAttach: return try attachInput(arguments, incoming)
    case .inputDetach: return try detachInput(incoming)
    case .inputMonitor: return try monitorInput(arguments)
    case .inputStatus: return .reply(.ok(["input": inputJSON()]))
    case .captureLast: return try captureLast(arguments, incoming)
    case .captureStart: return try captureStart(arguments, incoming)
    case .captureStop: return try captureStop(arguments, incoming)
    case .captureLs: return .reply(.ok(listCaptures()))
    case .midiAttach: return try attachPort(arguments, incoming)
    case .midiDetach: return try detachPort(arguments, incoming)
    case .midiStatus: return .reply(.ok(portStatus()))
    case .midiSend: return try sendMIDI(arguments)
    case .midiRoute: return try routeTrack(arguments, incoming)
    case .midiPlay: return try playMIDI(arguments, incoming)
    case .midiStop: return try stopMIDI(arguments)
    case .midiClock: return try setClock(arguments)
    case .midiRecord: return try record(arguments, incoming)
    case .learn: return try learn(arguments)
    case .abcParse: return try parseABC(arguments, incoming)
    case .abcValidate: return try validateABC(arguments, incoming)
    case .abcTranspose: return try transposeABC(arguments, incoming)
    case .abcToMIDI: return try convertABC(arguments, incoming)
    case .midiInfo: return try describeMIDI(arguments, incoming)
    case .audioInfo: return try describeAudio(arguments, incoming)
    case .orpheusGenerate, .orpheusGenerateSeeded, .orpheusContinue, .orpheusBridge, .orpheusLoops,
      .orpheusClassify, .musicgenGenerate, .yueGenerate, .renderMIDI, .clapAnalyze, .beatthisAnalyze,
      .phraseGenerate, .phraseLoops, .phraseContinue, .phraseBridge, .abcGenerate, .bounce, .codeTask,
      .textTask,
      .reasoningTask, .summarizeTask, .generalTask:
      return try generate(Catalogue.tool(name), arguments, incoming)
    case .generate: return try generate(arguments, incoming)
    case .approve: return try approve(arguments, incoming)
    case .reject: return try reject(arguments)
    case .vary: return try vary(arguments, incoming)
    case .jobLs: return try listJobs(arguments, incoming)
    case .jobShow: return try showJob(arguments, incoming)
    case .jobPoll: return try pollJobs(arguments, incoming)
    case .jobCancel: return try cancelJobs(arguments, incoming)
    case .jobRetry: return try retryJob(arguments, incoming)
    case .jobLogs: return try jobLogs(arguments, incoming)
    case .jobParts: return try jobParts(arguments, incoming)
    case .jobSet: return try setJob(arguments, incoming)
    case .workflowCreate: return try createWorkflow(arguments, incoming)
    case .workflowAddPhase: return try addPhase(arguments, incoming)
    case .workflowAddTask: return try addTask(arguments, incoming)
    case .workflowRun: return try runWorkflow(arguments, incoming)
    case .workflowStart: return try startWorkflow(arguments, incoming)
    case .workflowStatus:
      return try showWorkflow(arguments, incoming) { ["workflow": $0.json] }
    case .workflowShow:
      return try showWorkflow(arguments, incoming) { ["workflow": $0.json, "definition": $0.definition] }
    case .workflowTasks: return try showTasks(arguments, incoming)
    case .workflowLs: return try listWorkflows(arguments, incoming)
    case .workflowCancel: return try cancelWorkflow(arguments, incoming)
    case .workflowRetry: return try retryWorkflow(arguments, incoming)
    case .workflowPause: return try pauseWorkflow(true, arguments, incoming)
    case .workflowResume: return try pauseWorkflow(false, arguments, incoming)
    case .workflowRm: return try removeWorkflow(arguments, incoming)
    case .sleep: return try sleep(arguments, incoming)
    case .wake: return .reply(.ok(wake(arguments)))
    case .hostLs: return try listHosts(incoming)
    case .hostAdd: return try addHost(arguments, incoming)
    case .hostSet: return try setHost(arguments, incoming)
    case .hostDrain: return try drainHost(arguments, incoming)
    case .hostRm: return try removeHost(arguments, incoming)
    case .hostProbe: return try probeHost(arguments, incoming)
    case .artifactLs: return try listArtifacts(arguments, incoming)
    case .artifactShow: return try showArtifact(arguments, incoming)
    case .artifactAdd: return try addArtifact(arguments, incoming)
    case .artifactGC: return try collectArtifacts(arguments, incoming)
    case .webhookLs: return try listWebhooks(incoming)
    case .webhookHistory: return try webhookHistory(arguments, incoming)
    case .webhookReplay: return try replayWebhook(arguments, incoming)
    case .webhookEnable: return try enableWebhook(arguments, incoming)
    case .casPut: return try putContent(arguments, incoming)
    case .casStore: return try storeContent(arguments, incoming)
    case .casGet: return try getContent(arguments, incoming)
    case .casInspect: return try inspectContent(arguments, incoming)
    case .casLs: return try listContent(arguments, incoming)
    case .casStats: return try contentStatistics(incoming)
    case .casVerify: return try verifyContent(arguments, incoming)
    case .configGet: return try getSettings(arguments)
    case .eventPoll: return try pollEvents(arguments, incoming)
    case .timeConvert: return try convertTime(arguments)
    case .graphFind: return .reply(findNodes(arguments))
    case .graphContext: return .reply(graphContext())
    case .peers: return .reply(.ok(listPeers()))
    case .lock: return .reply(lockStage(arguments))
    case .emergencyPause, .shutdown:
      return .reply(try controlAnswer(name.rawValue, []) ?? .ok([:]))
    }
  }
}

extension JSONValue {
  static func ok(_ result: JSONValue) -> JSONValue { ["type": "ok", "result": result] }
}

extension Refusal {
  /// The reply that carries it.
  var content: JSONValue {
    [
      "type": "error", "error": .string(lines[0]), "traceback": nil,
      "detail": [
        "code": .string(code), "lines": .array(lines.map { .string($0) }),
        "exit": .integer(Int64(exit.rawValue)),
      ],
    ]
  }
}
