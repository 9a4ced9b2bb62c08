extension Catalogue {
  static let serviceCommands: [ClientCommand] = [
    ClientCommand(
      .serviceInstall,
      Usage(
        "service install", "have systemd start the daemon when you log in",
        discussion: """
          Writes chaosgarden.service into the folder of your own units, with the path of this program's daemon, and \
          enables it where systemctl is there. It is started by what is printed then.
          """,
        examples: ["garden service install", "garden service install --dry-run"],
        parameters: [
          Parameter(.dryRun, .flag, "print the unit, and change nothing"),
          Parameter(.force, .flag, "replace a unit that was changed"),
        ])),
    ClientCommand(
      .serviceStatus,
      Usage(
        "service status", "say whether systemd has the daemon, and whether it runs",
        examples: ["garden service status"])),
    ClientCommand(
      .serviceUninstall,
      Usage(
        "service uninstall", "take the daemon from systemd", examples: ["garden service uninstall"],
        parameters: [Parameter(.force, .flag, "also a unit that was changed")])),
  ]
}
