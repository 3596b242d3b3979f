"""What every package uses: executor, texts, errors, repairs, ids."""
