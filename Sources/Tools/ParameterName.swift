/// Every parameter's wire name. The flag on the command line is the same word with dashes.
package enum ParameterName: String, CaseIterable, Sendable {
  case at, autoconnect, audio, bank, block, bpm, bus, channel, clip, click, columns, command, curve, driver,
    end, file,
    files
  case countIn = "count_in"
  case fadeIn = "fade_in"
  case fadeOut = "fade_out"
  case after, damping, decay, depth, effect, pre, predelay, size, speed, strip
  case font
  case forBeats = "for"
  case from, gain, interpolation, intervals, level, limit, limits, log, loop, marker, mute, name, now
  case chaseNotes = "chase_notes"
  case noEffects = "no_effects"
  case noLimiter = "no_limiter"
  case newName = "new_name"
  case off, offset, on, once, origin, output, pan, parameter, period, points, polyphony, position, program,
    ramp, rate, region,
    shell
  case skip, solo, soundfont, start, strict, subdivide, tempo, threads, times, timing, to, topic, topics,
    track, transpose,
    velocity, watch

  // MIDI ports.
  case bend, bytes, controller, direction, message, pattern, pitch, port, value

  // On stage and on the way to a file.
  case state, action, binding, bits, capture, ceiling, confirm, device, fix, force, format, last, lufs,
    monitor, priority,
    seconds, source,
    stems, toggle, within
  case hash
  case abc, semitones, tune
  case targetKey = "target_key"
  case filePath = "file_path"
  case mimeType = "mime_type"
  case allowMissing = "allow_missing"
  case noDither = "no_dither"

  // Workflows.
  case definition, dependencies, description, params, phase, task
  case workflowID = "workflow_id"
  case phaseID = "phase_id"
  case dependsOn = "depends_on"
  case agentName = "agent_name"
  case agentInstructions = "agent_instructions"
  case timeoutSeconds = "timeout_seconds"
  case webhookURL = "webhook_url"
  case sessionHash = "session_hash"
  case detach

  // Jobs.
  case detail, preset, metrics, prometheus
  case cancelOnExit = "cancel_on_exit"
  case all, any, approve, attempts, client, crossfade, enter, fallback, fit, fresh, host, job, jobs, kind,
    label, prompt, reason, retry, rule, slots, take, tolerance, tool, tools, traceparent, url, wait
  case busyLimit = "busy_limit"
  case dryRun = "dry_run"
  case idempotencyKey = "idempotency_key"
  case jobID = "job_id"
  case noRegion = "no_region"
  case startLimit = "start_limit"
  case timeLimit = "time_limit"
  case count, interval
  case older, before, since, status
  case cursor, types
  case sinceMilliseconds = "since_ms"
  case timeoutMilliseconds = "timeout_ms"
  case data, section
  case fact
  case follow
  case param
  case perMinute = "per_minute"
  case slotsMax = "slots_max"
  case delivery, rotate, forget

  // What hosts are told.
  case bars, beats, density, duration, genre, high, key, low, lyrics, model, scale, seed, signature, tasks,
    temperature
  case audioBHash = "audio_b_hash"
  case audioHash = "audio_hash"
  case doSample = "do_sample"
  case guidanceScale = "guidance_scale"
  case inputHash = "input_hash"
  case maxNewTokens = "max_new_tokens"
  case maxTokens = "max_tokens"
  case midiHash = "midi_hash"
  case numVariations = "num_variations"
  case runNSegments = "run_n_segments"
  case sampleRate = "sample_rate"
  case sectionAHash = "section_a_hash"
  case sectionBHash = "section_b_hash"
  case seedHash = "seed_hash"
  case soundfontHash = "soundfont_hash"
  case textCandidates = "text_candidates"
  case topK = "top_k"
  case topP = "top_p"

  // What every command takes.
  case color, help, json, quiet, timeout, version, yes
  case noWait = "no_wait"
  case socketDir = "socket_dir"

  /// `fade_in` as `--fade-in`.
  package var flag: String {
    "--" + String(rawValue.map { $0 == "_" ? "-" : $0 })
  }
}
