/// Every request the daemon answers. The raw value is the `type` of the request on the wire.
package enum ToolName: String, CaseIterable, Sendable {
  case status, limits, doctor, meter
  case meterReset = "meter_reset"
  case play, pause, stop, seek, tempo, loop, panic
  case markerAdd = "marker_add"
  case markerLs = "marker_ls"
  case markerRm = "marker_rm"
  case markerMv = "marker_mv"
  case markerRename = "marker_rename"
  case next, previous, cue, tap
  case regionAdd = "region_add"
  case regionLs = "region_ls"
  case regionShow = "region_show"
  case regionMv = "region_mv"
  case regionSet = "region_set"
  case regionRm = "region_rm"
  case regionClear = "region_clear"
  case regionDup = "region_dup"
  case regionSplit = "region_split"
  case trackAdd = "track_add"
  case trackLs = "track_ls"
  case trackSet = "track_set"
  case trackRm = "track_rm"
  case busAdd = "bus_add"
  case busLs = "bus_ls"
  case busSet = "bus_set"
  case busRm = "bus_rm"
  case sendSet = "send_set"
  case sendLs = "send_ls"
  case sendRm = "send_rm"
  case clipLs = "clip_ls"
  case clipShow = "clip_show"
  case soundfontLs = "soundfont_ls"
  case soundfontUse = "soundfont_use"
  case soundfontInspect = "soundfont_inspect"
  case deviceLs = "device_ls"
  case deviceUse = "device_use"
  case sessionExport = "session_export"
  case lock
  case emergencyPause = "emergency_pause"
  case shutdown
}
