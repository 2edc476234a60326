"""How course systems lay out what they export, and what each layout tells of a submission."""
