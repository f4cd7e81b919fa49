@echo off
setlocal
set ELECTRON_RUN_AS_NODE=1
if not defined HIGAN_NODE set HIGAN_NODE=node
"%HIGAN_NODE%" "%~dp0..\dist\higan.mjs" %*
