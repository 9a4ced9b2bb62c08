/// A request of hootenanny's. The raw value is its name as a tool or payload, in snake_case; some are only that, and
/// some only exist in the older JSON form.
enum PeerRequest: String, CaseIterable {
  case gardenStatus = "garden_status"
  case gardenPlay = "garden_play"
  case gardenPause = "garden_pause"
  case gardenStop = "garden_stop"
  case gardenSeek = "garden_seek"
  case gardenSetTempo = "garden_set_tempo"
  case gardenEmergencyPause = "garden_emergency_pause"
  case gardenCreateRegion = "garden_create_region"
  case gardenDeleteRegion = "garden_delete_region"
  case gardenMoveRegion = "garden_move_region"
  case gardenGetRegions = "garden_get_regions"
  case gardenClearRegions = "garden_clear_regions"
  case gardenAttachAudio = "garden_attach_audio"
  case gardenDetachAudio = "garden_detach_audio"
  case gardenAudioStatus = "garden_audio_status"
  case gardenAttachInput = "garden_attach_input"
  case gardenDetachInput = "garden_detach_input"
  case gardenInputStatus = "garden_input_status"
  case gardenSetMonitor = "garden_set_monitor"
  case gardenGetAudioSnapshot = "garden_get_audio_snapshot"
  case audioListDevices = "audio_list_devices"
  case midiListPorts = "midi_list_ports"
  case midiInputAttach = "midi_input_attach"
  case midiOutputAttach = "midi_output_attach"
  case midiInputDetach = "midi_input_detach"
  case midiOutputDetach = "midi_output_detach"
  case midiSend = "midi_send"
  case midiStatus = "midi_status"
  case raveStreamStart = "rave_stream_start"
  case raveStreamStop = "rave_stream_stop"
  case raveStreamStatus = "rave_stream_status"
  case streamStart = "stream_start"
  case streamSwitchChunk = "stream_switch_chunk"
  case streamStop = "stream_stop"

  // Only as JSON.
  case updateLatentStarted = "update_latent_started"
  case updateLatentProgress = "update_latent_progress"
  case updateLatentResolved = "update_latent_resolved"
  case updateLatentFailed = "update_latent_failed"
  case approveLatent = "approve_latent"
  case rejectLatent = "reject_latent"
  case getPendingApprovals = "get_pending_approvals"
  case getSnapshot = "get_snapshot"
  case getGraph = "get_graph"
  case getIOState = "get_i_o_state"
  case playMIDI = "play_midi"
  case stopMIDI = "stop_midi"
  case addNode = "add_node"
  case removeNode = "remove_node"
  case connect
  case disconnect
  case registerParticipant = "register_participant"
  case updateParticipant = "update_participant"

  /// Its name in a JSON request, where that is another. Play, pause and stop are requests of our own in JSON: they do
  /// the same, and their reply has the form that is expected.
  var shellName: String {
    switch self {
    case .gardenStatus: "get_transport_state"
    case .gardenSeek: "seek"
    case .gardenSetTempo: "set_tempo"
    case .gardenCreateRegion: "create_region"
    case .gardenDeleteRegion: "delete_region"
    case .gardenMoveRegion: "move_region"
    case .gardenGetRegions: "get_regions"
    case .gardenClearRegions: "clear_regions"
    case .gardenAttachAudio: "attach_audio"
    case .gardenDetachAudio: "detach_audio"
    case .gardenAudioStatus: "get_audio_status"
    case .gardenAttachInput: "attach_input"
    case .gardenDetachInput: "detach_input"
    case .gardenInputStatus: "get_input_status"
    case .gardenSetMonitor: "set_monitor"
    case .gardenGetAudioSnapshot: "get_audio_snapshot"
    case .audioListDevices: "list_audio_devices"
    case .midiListPorts: "list_midi_ports"
    case .midiInputAttach: "attach_midi_input"
    case .midiOutputAttach: "attach_midi_output"
    case .midiInputDetach: "detach_midi_input"
    case .midiOutputDetach: "detach_midi_output"
    case .midiSend: "send_midi"
    case .midiStatus: "get_midi_status"
    default: rawValue
    }
  }

  private static let byShellName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.shellName, $0) })

  /// The first of those that are no tools.
  private static let firstOfShell = allCases.firstIndex(of: .updateLatentStarted) ?? allCases.endIndex
  private static let tools = Dictionary(
    uniqueKeysWithValues: allCases[..<firstOfShell].map { ($0.rawValue, $0) })

  static func tool(_ name: String) -> PeerRequest? { tools[name] }
  static func shell(_ name: String) -> PeerRequest? { byShellName[name] }
}
