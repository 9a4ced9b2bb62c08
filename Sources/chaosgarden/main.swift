print("chaosgarden")
