# Opens PAGE in BROWSER without a window: cmake -DBROWSER=... -DPAGE=... -P check_in_browser.cmake
set(profile ${PAGE}.profile)
set(flags --headless=new --no-sandbox --disable-gpu --virtual-time-budget=3000 --window-size=1280,2400
          --user-data-dir=${profile} --enable-logging=stderr --v=0)
execute_process(COMMAND ${BROWSER} ${flags} --dump-dom file://${PAGE} TIMEOUT 80
                OUTPUT_VARIABLE dom ERROR_VARIABLE log RESULT_VARIABLE status)
execute_process(COMMAND ${BROWSER} ${flags} --screenshot=${PAGE}.png file://${PAGE} TIMEOUT 80
                OUTPUT_QUIET ERROR_VARIABLE log_of_drawing RESULT_VARIABLE status_of_drawing)
file(REMOVE_RECURSE ${profile})
if(NOT status EQUAL 0 OR NOT status_of_drawing EQUAL 0)
  message(FATAL_ERROR "the browser failed: ${status}, ${status_of_drawing}\n${log}${log_of_drawing}")
endif()
string(APPEND log "${log_of_drawing}")
if(log MATCHES "CONSOLE[^\n]*")
  message(FATAL_ERROR "the page complains: ${CMAKE_MATCH_0}")
endif()
string(FIND "${dom}" "data-ready=\"yes\"" ready)
string(FIND "${dom}" "<html lang=\"en\" class=\"js\"" runs)
if(ready EQUAL -1 OR runs EQUAL -1)
  message(FATAL_ERROR "the script of the page did not reach its end")
endif()
