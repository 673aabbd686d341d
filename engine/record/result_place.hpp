/// Where a result file stands: its directory, what is already there, who may write it.
#pragma once

#include <string>

namespace axolemma::record {

/// Throws base::EngineError when the directories above `path` are missing and cannot be made.
void create_directories_for(const std::string& path);
/// Throws base::InputError when one of the two files is there.
void refuse_existing(const std::string& path, const std::string& partial);
/// Makes sure that this process can write the file and is the only one to do so, before anything is simulated.
/// @returns descriptor that holds the lock
int open_and_lock(const std::string& path, const std::string& partial);
/// The same for a file that is there.
int open_and_lock_existing(const std::string& partial);
/// Throws base::InputError unless `partial` is a result file of that run.
void require_run(const std::string& path, const std::string& partial, const std::string& run_id);
/// 32 hexadecimal digits at random. Not from the model's seed: two runs of the same model are two runs.
std::string make_run_id();

}  // namespace axolemma::record
