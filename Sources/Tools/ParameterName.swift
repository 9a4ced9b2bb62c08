/// Every parameter's wire name. The flag on the command line is the same word with dashes.
package enum ParameterName: String, CaseIterable, Sendable {
  case at, autoconnect, audio, bank, block, bpm, bus, channel, clip, click, command, curve, driver, end, file,
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

  // What every command takes.
  case color, help, json, quiet, timeout, version, yes
  case noWait = "no_wait"
  case socketDir = "socket_dir"

  /// `fade_in` as `--fade-in`.
  package var flag: String {
    "--" + String(rawValue.map { $0 == "_" ? "-" : $0 })
  }
}
