import Arrangement
import ContentStore
import ControlSocket
import FoundationEssentials
import HootWire
import Media
import RealtimeEngine
import Tools

extension Conductor {
  func listFonts(_ incoming: Incoming) throws(Refusal) -> Answer {
    try load(
      { .fonts(FontLibrary.list()) },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .fonts(let fonts) = loaded else { return }
          finish(
            incoming,
            .ok(["fonts": .array(fonts.map(fontJSON)), "default": .string(FontLibrary.name(of: defaultFont))])
          )
        }
      })
    return .later
  }

  private func fontJSON(_ font: FontFile) -> JSONValue {
    let users = timeline.tracks.filter { track in
      guard let path = banks.playing[track.id]?.settings.soundfont else { return false }
      return FontLibrary.name(of: path) == font.path
    }
    return [
      "name": .string(font.name), "path": .string(font.path), "bytes": .integer(font.bytes),
      "in_use_by": .array(users.map { .string($0.name) }),
    ]
  }

  /// For one track, or as the default of all that have no font of their own. The synths are made and warmed
  /// on the loader; what sounds rings out in the old ones.
  func useFont(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.font) ?? "auto"
    if let name = arguments.text(.track) {
      let id = try track(name).id
      let wish = TrackChange(
        tool: "soundfont_use", apply: { $0.soundfont = reference }, alwaysMakesSynths: true,
        result: { [self] command, track in
          let font = banks.playing[track.id]?.settings.soundfont ?? reference
          return ["command": command, "soundfont": .string(FontLibrary.name(of: font))]
        })
      return try change(id, wish, incoming)
    }
    let store = store
    try load(
      {
        .fontInfo(Result { () throws(Refusal) in try FontDescription.read(reference, in: store) })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .fontInfo(let result) = loaded else { return }
          try useAsDefault(try result.get().path, [:], incoming)
        }
      })
    return .later
  }

  /// Makes synths for one track after the other that plays with the default; when all have theirs, they and the
  /// default change together.
  private func useAsDefault(
    _ path: String, _ made: [UUID: MadeSynths], _ incoming: Incoming
  ) throws(Refusal) {
    let users = timeline.tracks.filter { $0.soundfont == nil && banks.playing[$0.id] != nil }
    for user in users {
      var wish = user
      wish.soundfont = path
      guard made[user.id]?.wish != synthSettings(wish) else { continue }
      return try makeSynths(for: wish, incoming) { [self] synths throws(Refusal) in
        var all = made
        all[user.id] = synths
        try useAsDefault(path, all, incoming)
      }
    }
    try checkRoom(for: users.count + 1)
    for user in users { if let synths = made[user.id] { install(synths, on: user) } }
    defaultFont = path
    let command = try commit("soundfont_use", timeline)
    finish(incoming, .ok(["command": command, "soundfont": .string(FontLibrary.name(of: path))]))
  }

  func inspectFont(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.font) ?? "auto"
    let (store, fonts) = (store, fontDescriptions)
    try load(
      {
        .fontInfo(Result { () throws(Refusal) in try fonts.read(reference, in: store) })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .fontInfo(let result) = loaded else { return }
          finish(incoming, .ok(["soundfont": try result.get().json]))
        }
      })
    return .later
  }
}

/// What `soundfont inspect` tells.
struct FontDescription: Sendable {
  var path: String
  var info: SoundFontInfo

  /// Loader thread, or a program of its own.
  static func read(_ reference: String, in store: ContentStore) throws(Refusal) -> FontDescription {
    try read(at: try FontLibrary.resolve(reference, in: store))
  }

  static func read(at path: String) throws(Refusal) -> FontDescription {
    do { return FontDescription(path: path, info: try SoundFontInfo.read(path: path)) } catch {
      throw Refusal(error)
    }
  }

  var json: JSONValue {
    [
      "name": .string(info.name), "path": .string(FontLibrary.name(of: path)),
      "bytes": .integer(Int64(info.bytes)),
      "format": .string(info.format),
      "presets": .array(
        info.presets.map { preset in
          [
            "bank": .integer(Int64(preset.bank)), "program": .integer(Int64(preset.program)),
            "name": .string(preset.name),
          ]
        }),
    ]
  }
}
