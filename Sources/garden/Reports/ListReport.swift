import HootWire
import Tools

/// How a reply that is a list shows: as a table, or as bare ids.
struct ListReport: Sendable {
  struct Column: Sendable {
    var heading: String
    var field: String
    var format: @Sendable (JSONValue?) -> String

    init(
      _ heading: String, _ field: String, _ format: @escaping @Sendable (JSONValue?) -> String = Field.text
    ) {
      self.heading = heading
      self.field = field
      self.format = format
    }
  }

  /// The member of the result that holds the list.
  var member: String
  /// What `-q` prints of each element.
  var id: String
  /// What is said on standard error when the list is empty.
  var empty: String
  var columns: [Column]

  func lines(_ result: JSONValue, _ painter: Painter) -> [String] {
    var table = TextTable(headings: columns.map(\.heading))
    for element in result[member]?.array ?? [] {
      table.rows.append(columns.map { $0.format(element[$0.field]) })
    }
    return table.lines(painter)
  }

  func ids(_ result: JSONValue) -> [String] {
    (result[member]?.array ?? []).map { Field.text($0[id]) }
  }
}

extension ListReport {
  static let all: [ToolName: ListReport] = [
    .regionLs: regions, .trackLs: tracks, .markerLs: markers, .clipLs: clips, .soundfontLs: fonts,
    .deviceLs: drivers, .limits: limits, .tempo: tempos, .automationLs: automation, .sessionLs: sessions,
    .inputLs: listened, .captureLs: captures, .casLs: blobs, .peers: peers, .busLs: buses, .sendLs: sends,
    .configGet: settings, .graphFind: nodes,
    .midiLs: ports, .midiStatus: attached, .midiBindings: bindings,
  ]

  static let regions = ListReport(
    member: "regions", id: "id", empty: "No regions. Next: garden region add FILE",
    columns: [
      Column("ID", "id", Field.shortID), Column("NAME", "name"), Column("TRACK", "track"),
      Column("KIND", "kind"), Column(">POSITION", "position"), Column(">BEATS", "length_beats", Field.beats),
      Column(">GAIN", "gain_db", Field.decibels), Column("MUTE", "mute"), Column("CLIP", "clip"),
    ])

  private static let settings = ListReport(
    member: "settings", id: "value", empty: "No settings.",
    columns: [Column("SETTING", "name"), Column("VALUE", "value"), Column("FROM", "origin")])

  private static let nodes = ListReport(
    member: "nodes", id: "name", empty: "Nothing of that name or kind. Next: garden graph find",
    columns: [
      Column("NAME", "name"), Column("KIND", "kind"), Column(">REGIONS", "regions"), Column("TO", "to"),
    ])

  private static let tracks = ListReport(
    member: "tracks", id: "name", empty: "No tracks. Next: garden track add NAME",
    columns: [
      Column("NAME", "name"), Column(">GAIN", "gain_db", Field.decibels), Column(">PAN", "pan"),
      Column("MUTE", "mute"), Column("SOLO", "solo"), Column("OUTPUT", "output"),
      Column(">REGIONS", "regions"),
      Column(">VOICES", "voices"), Column(">PEAK", "peak_db", Field.decibels),
      Column("SOUNDFONT", "soundfont"),
    ])

  private static let peers = ListReport(
    member: "peers", id: "name", empty: "Nobody has asked anything",
    columns: [
      Column("NAME", "name"), Column("SOCKET", "socket"), Column(">REQUESTS", "requests"),
      Column(">SILENT FOR", "seconds_since"),
    ])

  private static let blobs = ListReport(
    member: "blobs", id: "hash", empty: "No content. Next: garden cas put FILE",
    columns: [
      Column("HASH", "hash"), Column(">BYTES", "size"), Column("TYPE", "mime_type"),
      Column("KEPT BY", "kept_by"), Column("WARNING", "warning"),
    ])

  private static let buses = ListReport(
    member: "buses", id: "name", empty: "No buses. Next: garden bus add NAME --effect reverb",
    columns: [
      Column("NAME", "name"), Column("EFFECT", "effect"), Column(">GAIN", "gain_db", Field.decibels),
      Column(">PAN", "pan"), Column("MUTE", "mute"), Column("SOLO", "solo"), Column("OUTPUT", "output"),
      Column(">INPUTS", "inputs"), Column(">PEAK", "peak_db", Field.decibels),
    ])

  private static let sends = ListReport(
    member: "sends", id: "bus", empty: "No sends. Next: garden send set TRACK BUS --level -6dB",
    columns: [
      Column("FROM", "from"), Column("BUS", "bus"), Column(">LEVEL", "level_db", Field.decibels),
      Column("PRE", "pre"),
    ])

  private static let markers = ListReport(
    member: "markers", id: "name", empty: "No markers. Next: garden marker add NAME --at POS",
    columns: [
      Column("NAME", "name"), Column(">POSITION", "position"), Column(">BEAT", "beat", Field.beats),
      Column("CUE", "cue"),
    ])

  private static let automation = ListReport(
    member: "automation", id: "parameter",
    empty: "No automation. Next: garden automation set gain 1:1=-inf 5:1=0 --track NAME",
    columns: [
      Column("TRACK", "track"), Column("REGION", "region"), Column("PARAMETER", "parameter"),
      Column(">POSITION", "position"), Column(">BEAT", "beat", Field.beats), Column(">VALUE", "value"),
      Column("SHAPE", "shape"),
    ])

  private static let tempos = ListReport(
    member: "segments", id: "tempo_bpm", empty: "No tempo.",
    columns: [
      Column(">POSITION", "position"), Column(">BEAT", "beat", Field.beats), Column(">BPM", "tempo_bpm"),
      Column(">RAMP", "ramp_beats", Field.beats),
    ])

  private static let clips = ListReport(
    member: "clips", id: "id", empty: "No clips. Next: garden region add FILE",
    columns: [
      Column("ID", "id", Field.shortID), Column("KIND", "kind"), Column(">LENGTH", "seconds", Field.duration),
      Column(">BEATS", "beats", Field.beats), Column(">NOTES", "notes"), Column(">CH", "channels"),
      Column(">RATE", "sample_rate"), Column(">SIZE", "bytes", Field.bytes), Column("PATH", "path"),
    ])

  private static let fonts = ListReport(
    member: "fonts", id: "name", empty: "No soundfonts. Next: garden soundfont install timgm",
    columns: [
      Column("NAME", "name"), Column(">SIZE", "bytes", Field.bytes), Column("USED BY", "in_use_by"),
      Column("PATH", "path"),
    ])

  private static let drivers = ListReport(
    member: "drivers", id: "name", empty: "No drivers.",
    columns: [
      Column("NAME", "name"), Column("AVAILABLE", "available"), Column("CURRENT", "current"),
      Column("DETAIL", "detail"),
    ])

  private static let sessions = ListReport(
    member: "sessions", id: "name", empty: "No session.",
    columns: [
      Column("STATE", "state"), Column("NAME", "name"), Column("FILE", "file"), Column(">TRACKS", "tracks"),
      Column(">REGIONS", "regions"), Column(">LENGTH", "seconds", Field.duration),
    ])

  private static let ports = ListReport(
    member: "ports", id: "name",
    empty: "No MIDI ports and no devices. A FIFO is one too: garden midi use PATH",
    columns: [
      Column("WAY", "direction"), Column(">INDEX", "index"), Column("NAME", "name"), Column("KIND", "kind"),
      Column("ATTACHED", "attached"), Column(">MESSAGES", "messages"), Column("TRACK", "track"),
    ])

  private static let attached = ListReport(
    member: "ports", id: "name", empty: "No MIDI port is attached. Next: garden midi attach in NAME",
    columns: [
      Column("WAY", "direction"), Column("NAME", "name"), Column("KIND", "kind"),
      Column("CONNECTED", "connected"), Column(">MESSAGES", "messages"), Column("TRACK", "track"),
      Column(">CHANNEL", "channel"), Column("CLOCK", "clock"), Column(">DELAY", "delay_frames"),
    ])

  private static let bindings = ListReport(
    member: "bindings", id: "id", empty: "Nothing is bound. Next: garden learn next",
    columns: [Column(">ID", "id"), Column("MESSAGE", "source"), Column("DOES", "action")])

  private static let listened = ListReport(
    member: "inputs", id: "name",
    empty: "Nothing can be listened to. A JACK server or a sound card is needed.",
    columns: [
      Column("NAME", "name"), Column("KIND", "kind"), Column("ATTACHED", "attached"),
      Column("WHAT", "detail"),
    ])

  private static let captures = ListReport(
    member: "captures", id: "id", empty: "Nothing is being captured. Next: garden capture start",
    columns: [
      Column(">ID", "id"), Column("SOURCE", "source"), Column(">SECONDS", "seconds"),
      Column(">PEAK", "peak_db", Field.decibels), Column(">LOST", "lost_frames"), Column("FILE", "file"),
    ])

  private static let limits = ListReport(
    member: "limits", id: "name", empty: "No limits.",
    columns: [
      Column("TARGET", "target"), Column("NAME", "name"), Column(">VALUE", "value"), Column("UNIT", "unit"),
      Column("REFUSAL", "refusal"),
    ])
}
