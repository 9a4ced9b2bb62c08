import AudioDrivers
import Settings

extension DriverWishes {
  package init(_ settings: Settings) {
    self.init()
    clientName = settings.jackClientName
    serverName = settings.jackServer
    autoconnect = settings.autoconnect
    sampleRate = Double(settings.sampleRate)
    period = settings.period
    device = settings.device
    priority = settings.priority
    list = settings.audioDevices
  }
}
