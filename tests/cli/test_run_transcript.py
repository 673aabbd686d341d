"""run_transcript.py passes a right transcript and fails a wrong one."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent / "run_transcript.py"


class RunTranscript(unittest.TestCase):
    def outcome(self, text, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "case.transcript")
            path.write_text(text)
            done = subprocess.run([sys.executable, SCRIPT, *options, "/bin/true", path], capture_output=True, text=True,
                                  check=False)
            return done.returncode, done.stdout, path.read_text()

    def assert_code(self, code, text):
        self.assertEqual(self.outcome(text)[0], code)

    def test_output_errors_and_exit_code_as_written_pass(self):
        self.assert_code(0, "# two lines\n$ echo one; echo two >&2; exit 3\n> one\n! two\n? 3\n")

    def test_another_line_fails_and_is_shown(self):
        code, shown, _ = self.outcome("$ echo one\n> two\n")
        self.assertEqual(code, 1)
        self.assertIn("-> two\n+> one", shown)

    def test_a_missing_or_further_line_fails(self):
        self.assert_code(1, "$ echo one\n")
        self.assert_code(1, "$ echo one\n> one\n> two\n")

    def test_output_on_the_other_stream_fails(self):
        self.assert_code(1, "$ echo one\n! one\n")

    def test_another_exit_code_fails(self):
        self.assert_code(1, "$ exit 2\n")
        self.assert_code(1, "$ true\n? 2\n")

    def test_dots_stand_for_text_and_for_lines_but_not_for_anything_else(self):
        self.assert_code(0, "$ echo wall time 12.3 s\n> wall time ... s\n")
        self.assert_code(1, "$ echo wall time 12.3 ms\n> wall time ... s\n")
        self.assert_code(0, "$ printf 'a\\nb\\nc\\nd\\n'\n> a\n> ...\n> d\n")
        self.assert_code(1, "$ printf 'a\\nb\\nc\\nd\\n'\n> b\n> ...\n> d\n")

    def test_a_transcript_without_a_command_fails(self):
        self.assert_code(1, "# nothing\n")

    def test_update_writes_what_was_printed(self):
        code, _, text = self.outcome("# kept\n$ echo one; exit 1\n> two\n", "--update")
        self.assertEqual((code, text), (0, "# kept\n$ echo one; exit 1\n> one\n? 1\n"))


if __name__ == "__main__":
    unittest.main()
