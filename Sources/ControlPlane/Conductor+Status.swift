import Arrangement
import AudioDrivers
import FoundationEssentials
import Glibc
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  /// Frames that the device was handed so far: it stands still when the callback does. Control thread.
  package var audioFrame: Int64 { engine.report.read().deviceFrame }

  /// Everything measured, nothing assumed: the playhead, the device and the counts come from the renderer and
  /// the driver.
  func status() -> JSONValue {
    // One report for both clocks, so that a client may compare them.
    let report = engine.report.read()
    let tick = transport.playhead(reportFrame: report.deviceFrame, reportTick: report.playheadTick)
    return [
      "schema": "chaosgarden.status/1", "transport": transportStatus(report, tick), "audio": audioStatus(),
      "regions": .integer(Int64(timeline.regions.count)), "tracks": .integer(Int64(timeline.tracks.count)),
      "buses": .integer(Int64(timeline.buses.count)),
      "voices": .integer(Int64(report.voices)), "audio_voices": .integer(Int64(report.audioVoices)),
      "voices_stolen": JSONValue(report.voicesStolen), "notes_started": JSONValue(report.notesStarted),
      "notes_refused": JSONValue(report.notesRefused), "regions_refused": JSONValue(report.regionsRefused),
      "events_delivered": JSONValue(report.eventsDelivered),
      "notices_dropped": JSONValue(report.noticesDropped),
      "commands_accepted": JSONValue(landing.accepted),
      "schedule_revision": JSONValue(report.scheduleRevision),
      "commands_outstanding": .integer(Int64(landing.outstanding)),
      "end_beat": .number(Double(timeline.end) / Double(ticksPerBeat)), "master": masterStatus(report),
      "cue": cueStatus(),
      "stage_locked": .bool(isStageLocked), "midi": midiStatus(),
      "memory": memoryStatus(),
      "session": sessionStatus(),
      "next_session": JSONValue((sessions.entering?.session ?? sessions.prepared)?.draft.file),
      "soundfont": .string(FontLibrary.name(of: defaultFont)), "next_regions": nextRegions(tick),
      "jobs": .integer(Int64(jobs?.live.count ?? 0)), "latent": nextLatents(),
      "schedule_bytes": .integer(Int64(compiler.bytes + schedules.bytes)),
      "commands_waiting": .integer(Int64(landing.timed.count)),
      "clip_bytes": .integer(Int64(material.values.reduce(0) { $0 + $1.bytes })),
      "streaming": streamingStatus(report),
      "uptime_seconds": .number((ContinuousClock.now - started).inSeconds.hundredths),
      "version": .string(Product.version), "pid": .integer(Int64(getpid())),
    ]
  }

  /// The first regions that wait for what a job makes, in the timeline's order.
  private func nextLatents() -> JSONValue {
    let latents = timeline.silentLatents.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    return .array(latents.prefix(8).map(latentJSON))
  }

  /// What plays, whether it is there yet, and whether its edits are kept.
  private func sessionStatus() -> JSONValue {
    let restoring: JSONValue =
      journal.restoring.map {
        .string("restoring \($0.done) of \($0.total)")
      } ?? nil
    return [
      "name": .string(journal.session), "file": JSONValue(sessions.file), "restoring": restoring,
      "edits": JSONValue(journal.serial), "edits_not_durable": .integer(Int64(journal.waiting)),
      "not_kept": JSONValue(journal.failure?.lines[1]),
      "warnings": .array(journal.warnings.map { .string($0) }),
    ]
  }

  private func transportStatus(_ report: Report, _ tick: Double) -> JSONValue {
    let whole = Tick(max(0, tick).rounded())
    let signature = timeline.map.signature(atTick: whole)
    let place = timeline.map.barBeat(atTick: whole)
    return [
      "state": .string(transport.state.rawValue),
      "frame": .integer(timeline.map.frame(atTick: whole)), "device_frame": .integer(report.deviceFrame),
      "beat": .number(tick / Double(ticksPerBeat)), "bar": .integer(Int64(place.bar)),
      "position": .string(place.description), "seconds": .number(timeline.map.seconds(atTick: tick)),
      "tempo_bpm": .number(timeline.map.bpm(atTick: tick)),
      "signature": .string("\(signature.numerator)/\(signature.denominator)"), "loop": loopJSON(timeline),
      "count_in": countInJSON(report, tick, signature), "metronome": metronomeJSON(metronome),
    ]
  }

  /// What is left of a count; the beat counts down to −1, which the music follows.
  private func countInJSON(_ report: Report, _ tick: Double, _ signature: SignatureChange) -> JSONValue {
    guard report.countInFrames > 0 else { return nil }
    let framesPerBeat =
      60 / timeline.map.bpm(atTick: tick) * engine.sampleRate * Double(signature.beatTicks)
      / Double(ticksPerBeat)
    return [
      "frames_left": .integer(report.countInFrames),
      "starts_at_frame": .integer(report.deviceFrame + report.countInFrames),
      "beat": .integer(-Int64((Double(report.countInFrames) / framesPerBeat).rounded(.up))),
    ]
  }

  func audioStatus() -> JSONValue {
    guard let status = keeper?.status() else { return nil }
    return [
      "driver": .string(status.name), "device": .string(status.device),
      "sample_rate": .integer(Int64(status.sampleRate)), "period": .integer(Int64(status.period)),
      "callbacks": JSONValue(status.callbacks), "xruns": JSONValue(status.xruns),
      "xruns_by_cause": [
        "own": JSONValue(status.xrunCauses.own), "late_wakeup": JSONValue(status.xrunCauses.lateWakeups),
        "others": JSONValue(status.xrunCauses.others), "device": JSONValue(status.xrunCauses.device),
      ],
      "lost_frames": JSONValue(status.lostFrames), "resampling": .bool(status.resampling),
      "session_rate": .integer(Int64(engine.sampleRate)), "thread": .integer(Int64(status.thread)),
      "midi_dropped": JSONValue(status.midiDropped),
      "connected": status.connected.map { .integer(Int64($0)) } ?? .null,
      "keeper": keeperStatus(status.keeper),
      "late_blocks": JSONValue(status.lateBlocks), "load": .number(status.load),
      "worst_load": .number(status.worst), "realtime": .bool(status.realtime),
      "refusal": JSONValue(status.refusal), "alive": .bool(status.alive),
    ]
  }

  private func cueStatus() -> JSONValue {
    let level = engine.meters.read().cue
    return [
      "gain_db": .number(cueGainDB), "peak_db": .number(level.peakDB), "rms_db": .number(level.rmsDB),
      "auditioned": .integer(Int64(mixes.auditioned.count)), "playing": .bool(!auditions.isEmpty),
    ]
  }

  private func keeperStatus(_ keeper: KeeperStatus?) -> JSONValue {
    guard let keeper else { return nil }
    return [
      "driving": .bool(keeper.isKeeping), "wanted": .string(keeper.wanted), "away": JSONValue(keeper.away),
      "losses": JSONValue(keeper.losses), "returns": JSONValue(keeper.returns),
      "resyncs": JSONValue(keeper.resyncs), "seconds_away": .number(keeper.secondsAway),
      "frames_off": .integer(keeper.framesOff), "worst_frames_off": .integer(keeper.worstFramesOff),
      "watchdog_seconds": .number(keeper.watchdogSeconds),
    ]
  }

  private func masterStatus(_ report: Report) -> JSONValue {
    let meters = engine.meters.read()
    return [
      "gain_db": .number(timeline.masterGainDB), "peak_db": .number(meters.master.peakDB),
      "rms_db": .number(meters.master.rmsDB),
      "loudness": loudnessJSON(), "ceiling_db": .number(settings.ceiling),
      "limiter_db": .number(Double(report.limiterReduction).decibels.hundredths),
    ]
  }

  /// Those that sound and those that come, at most eight.
  private func nextRegions(_ tick: Double) -> JSONValue {
    let coming = timeline.regions.first(8, endingAfter: Tick(tick.rounded(.down)))
    return .array(
      coming.map { region in
        [
          "name": .string(region.name), "track": .string(timeline.track(id: region.track)?.name ?? ""),
          "position": .string(timeline.map.barBeat(atTick: region.start).description),
          "end": .string(timeline.map.barBeat(atTick: region.end).description),
          "beat": .number(Double(region.start) / Double(ticksPerBeat)),
          "length_beats": .number(Double(region.length) / Double(ticksPerBeat)),
          "sounding": .bool(Double(region.start) <= tick && transport.state == .rolling),
        ]
      })
  }

  private func check(_ name: String, _ isGood: Bool, _ seen: String, _ fix: String) -> JSONValue {
    [
      "name": .string(name), "state": isGood ? "ok" : "warn", "seen": .string(seen),
      "fix": .string(isGood ? "" : fix),
    ]
  }

  private func hearing(_ status: DriverStatus?) -> JSONValue {
    let name = "sound is heard"
    guard let status, status.name != "timer" else {
      return check(
        name, false, "the timer plays to nobody", "start JACK or PipeWire, then: garden device use auto")
    }
    guard status.connected != 0 else {
      return check(
        name, false, "\(status.device): it plays to nobody",
        "connect out_left and out_right to what you hear: pw-link, jack_connect or a patch bay")
    }
    return check(name, true, "yes", "")
  }

  /// The daemon's own part of the doctor.
  func doctor() -> JSONValue {
    let status = keeper?.status()
    let isRealtime = status?.realtime ?? false
    return [
      "checks": [
        check(
          "audio device", status?.alive ?? false, status.map { "\($0.name): \($0.device)" } ?? "none",
          "garden device use auto"),
        hearing(status),
        check(
          "realtime priority", isRealtime, isRealtime ? "held" : status?.refusal ?? "not held",
          "add yourself to the group audio and log in again: sudo usermod -aG audio $USER"),
        check(
          "late blocks", (status?.lateBlocks ?? 0) == 0,
          "\(status?.lateBlocks ?? 0) of \(status?.callbacks ?? 0)",
          "a larger period: garden device use timer --period 1024, or the JACK server's own setting"),
        check("soundfont", true, FontLibrary.name(of: defaultFont), ""),
      ]
    ]
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
