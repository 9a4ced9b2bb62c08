/// The unit of config/chaosgarden.service, for a daemon at another path.
enum ServiceUnit {
  /// The path goes into a line of systemd's, which reads it with its own quotes.
  static func text(program: String) -> String {
    """
    # A systemd user unit: ~/.config/systemd/user/chaosgarden.service
    #   systemctl --user daemon-reload && systemctl --user enable --now chaosgarden
    #
    # Realtime priority and locked memory come from /etc/security/limits.d and a new login: a user unit cannot raise
    # what its manager does not have. `garden doctor` says what is missing.

    [Unit]
    Description=chaosgarden, a realtime audio daemon
    Documentation=man:garden(1)
    After=pipewire.service jack.service

    [Service]
    Type=notify
    NotifyAccess=main
    # Fed by the audio thread's progress: a device that stands still trips it, however busy the rest is.
    WatchdogSec=10
    ExecStart=\(program) --audio auto
    RuntimeDirectory=chaosgarden
    RuntimeDirectoryMode=0700
    StateDirectory=chaosgarden
    StateDirectoryMode=0700
    UMask=0077
    Restart=on-failure
    RestartSec=2
    # A wrong command line or configuration does not mend itself.
    RestartPreventExitStatus=64 78
    # A realtime thread that never sleeps is ended instead of taking the machine with it.
    LimitRTTIME=200000
    NoNewPrivileges=true
    RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6

    [Install]
    WantedBy=default.target
    """
  }
}
