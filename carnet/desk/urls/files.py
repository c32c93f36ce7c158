from __future__ import annotations

from django.urls import path

from carnet.desk.views import files

urlpatterns = [
    path("files/", files.files, name="files"),
    path("files/<uuid:file_id>", files.file, name="file"),
    path("files/<uuid:file_id>/small", files.small_file, name="small_file"),
]
